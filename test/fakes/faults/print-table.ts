/** A table of numbers for whoever runs a long test. */
export function printTable(title: string, rows: Readonly<Record<string, Readonly<Record<string, number>>>>): void {
  const columns = Object.keys(Object.values(rows)[0] ?? {})
  const first = Math.max(...Object.keys(rows).map((name) => name.length))
  const line = (name: string, cells: readonly string[]) =>
    `  ${name.padEnd(first)}  ${cells.map((cell, index) => cell.padStart(columns[index]?.length ?? 0)).join('  ')}`
  const body = Object.entries(rows).map(([name, row]) =>
    line(
      name,
      columns.map((column) => String(row[column] ?? 0)),
    ),
  )
  process.stdout.write(`${[title, line('', columns), ...body].join('\n')}\n`)
}
