/** How SQLite keeps true and false. */
export type Bool = 0 | 1
