import { DeskbellError, toErrorBody } from '../rpc/errors.ts'

/** The file with the data cannot be trusted. */
export const damagedFile = (detail: string, cause?: unknown) =>
  new DeskbellError(
    {
      code: 'DATABASE_DAMAGED',
      message:
        'The file with your data is damaged, so Deskbell stopped before making it worse. Nothing was deleted. Restore a backup, or ask for help with the file as it is.',
      fault: 'ours',
      retryable: false,
      detail,
    },
    { cause },
  )

const unwritable = ['SQLITE_CANTOPEN', 'SQLITE_READONLY', 'EACCES', 'EPERM', 'EROFS', 'ENOTDIR']

/** What SQLite says, as far as the user can do something about it; every other error as it is. */
export function asStoreError(error: unknown): unknown {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  const message = error instanceof Error ? error.message : code
  if (code.startsWith('SQLITE_CORRUPT') || code.startsWith('SQLITE_NOTADB')) return damagedFile(message, error)
  if (code === 'SQLITE_FULL' || code === 'ENOSPC') return new DeskbellError(toErrorBody(error), { cause: error })
  if (unwritable.some((it) => code.startsWith(it))) {
    return new DeskbellError(
      {
        code: 'REFUSED',
        message:
          'Deskbell may not write in the folder of its data. Check that the folder belongs to you and is not read-only, then start Deskbell again.',
        fault: 'user',
        retryable: true,
        detail: message,
      },
      { cause: error },
    )
  }
  return error
}
