"""What scikit-learn foresees for each row of FOLDER/rows.csv by models that learnt from the other folds.

Writes FOLDER/answers.json: [{name, probabilities, ms}], ms being the mean time of a fold.
Called by score-compare.mjs.
"""

import json
import sys
import time
from pathlib import Path

import numpy as np
import pandas as pd
from sklearn.compose import make_column_transformer
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

MOST_CATEGORIES = 255

folder = Path(sys.argv[1])
rows = pd.read_csv(folder / "rows.csv")
categories = json.loads((folder / "task.json").read_text())["categories"]
outcomes = rows.pop("outcome").to_numpy()
folds = rows.pop("fold").to_numpy()
x = rows.to_numpy(dtype=float)
# Native categories end at 255; codes go by frequency, so beyond them only rare values are lumped together.
for at in categories:
    x[:, at] = np.minimum(x[:, at], MOST_CATEGORIES - 1)
numbers = [at for at in range(x.shape[1]) if at not in categories]


def boosting(native):
    return lambda: HistGradientBoostingClassifier(
        categorical_features=categories if native and categories else None, random_state=0
    )


def logistic():
    return make_pipeline(
        make_column_transformer(
            (make_pipeline(SimpleImputer(strategy="mean", add_indicator=True), StandardScaler()), numbers),
            (
                make_pipeline(
                    SimpleImputer(strategy="constant", fill_value=-1), OneHotEncoder(handle_unknown="ignore")
                ),
                categories,
            ),
        ),
        LogisticRegression(max_iter=2000),
    )


def held_out(make):
    foreseen = np.zeros(len(outcomes))
    started = time.perf_counter()
    for fold in np.unique(folds):
        held = folds == fold
        model = make().fit(x[~held], outcomes[~held])
        foreseen[held] = model.predict_proba(x[held])[:, 1]
    return foreseen.tolist(), 1000 * (time.perf_counter() - started) / len(np.unique(folds))


answers = []
ways = [("HistGradientBoosting", boosting(True))]
if categories:
    ways.append(("HistGradientBoosting, codes", boosting(False)))
ways.append(("LogisticRegression", logistic))
for name, make in ways:
    probabilities, ms = held_out(make)
    answers.append({"name": name, "probabilities": probabilities, "ms": ms})
(folder / "answers.json").write_text(json.dumps(answers))
