/** Something that the person at the terminal can put right: printed as it is, without a stack. */
export class LaunchError extends Error {
  override name = 'LaunchError';
}

/** The code of a failed system call (`ENOENT`, `EACCES`…), undefined for any other error. */
export function errorCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}
