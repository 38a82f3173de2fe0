"""Writes scikit-learn's own tables and some of its generators' as FOLDER/NAME.csv with the outcome "won"."""

import sys
from pathlib import Path

import pandas as pd
from sklearn import datasets

folder = Path(sys.argv[1])


def write(name, x, y):
    table = pd.DataFrame(x, columns=[f"x{at}" for at in range(x.shape[1])])
    table["won"] = y.astype(int)
    table.to_csv(folder / f"{name}.csv", index=False)


cancer = datasets.load_breast_cancer()
write("breast cancer", cancer.data, cancer.target)
digits = datasets.load_digits()
write("digits, 8 or not", digits.data, digits.target == 8)
wine = datasets.load_wine()
write("wine, 1 or not", wine.data, wine.target == 1)
diabetes = datasets.load_diabetes()
write("diabetes above 150", diabetes.data, diabetes.target > 150)
write("moons", *datasets.make_moons(1500, noise=0.35, random_state=1))
write("circles", *datasets.make_circles(1000, noise=0.2, factor=0.6, random_state=2))
write("hastie", *((x, y > 0) for x, y in [datasets.make_hastie_10_2(4000, random_state=3)]).__next__())
write(
    "classification 5,000",
    *datasets.make_classification(5000, 20, n_informative=8, n_redundant=4, flip_y=0.1, class_sep=0.7, random_state=4),
)
write(
    "classification 50,000",
    *datasets.make_classification(50000, 15, n_informative=6, n_clusters_per_class=3, flip_y=0.15, random_state=5),
)
write(
    "classification 400 x 40",
    *datasets.make_classification(400, 40, n_informative=5, n_redundant=10, flip_y=0.1, random_state=6),
)
write(
    "classification 3 % of 10,000",
    *datasets.make_classification(10000, 20, n_informative=6, weights=[0.97], flip_y=0.01, random_state=7),
)
