import type { Instant } from './time.ts';

/** Stable names of what can go wrong; classified by status and code, never by message text. */
export const ERROR_CODES = [
  'unauthorized',
  'forbidden',
  'notFound',
  'rateLimited',
  'serverError',
  'unavailable',
  'network',
  'timeout',
  'badResponse',
  'invalidInput',
  'locked',
  'conflict',
  'cancelled',
] as const;

export type ErrorCode = (typeof ERROR_CODES)[number];

export interface AppErrorOptions {
  readonly cause?: unknown;
  /** The service asked not to be called again before this many milliseconds have passed. */
  readonly retryAfter?: number;
  /** A finer reason within the code, such as `consentRequired`; stable too. */
  readonly reason?: string;
}

/** The one error that leaves an adapter. Its message is fit for a person and holds no secret, subject or body. */
export class AppError extends Error {
  override readonly name = 'AppError';
  readonly code: ErrorCode;
  readonly retryAfter: number | null;
  readonly reason: string | null;

  constructor(code: ErrorCode, message: string, options: AppErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.retryAfter = options.retryAfter ?? null;
    this.reason = options.reason ?? null;
  }
}

/** An error as plain data: what state, IPC and the command line carry. */
export interface ErrorInfo {
  readonly code: ErrorCode;
  readonly message: string;
  readonly reason: string | null;
  /** When it went wrong first, and how many tries in a row have failed since. */
  readonly since: Instant;
  readonly tries: number;
}

/** Anything thrown, as an AppError; what nobody classified is a defect and keeps its cause. */
export function asAppError(thrown: unknown): AppError {
  if (thrown instanceof AppError) return thrown;
  return new AppError('serverError', 'Something unexpected went wrong in HipStatus. The log has the details.', {
    cause: thrown,
    reason: 'unexpected',
  });
}

/** The error as data; goes on counting when the one before had the same code. */
export const errorInfo = (error: AppError, now: Instant, before: ErrorInfo | null = null): ErrorInfo => ({
  code: error.code,
  message: error.message,
  reason: error.reason,
  since: before?.code === error.code ? before.since : now,
  tries: before?.code === error.code ? before.tries + 1 : 1,
});

const DISK_REASONS: ReadonlySet<string | null> = new Set(['diskFull', 'noAccess', 'fileSystem']);

/** Whether it is this machine's disk, and neither the account nor the service: no token and no help desk mends that. */
export const isDiskTrouble = ({ reason }: Pick<ErrorInfo, 'reason'>): boolean => DISK_REASONS.has(reason);
