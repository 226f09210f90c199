/** Why the hub gave no answer that can be used. Its message is fit for a person. */
export class CallFailed extends Error {
  override readonly name = 'CallFailed';
  /** HTTP status; 0 when the hub was not reached. */
  readonly status: number;
  /** Seconds to wait before asking again; null where the hub did not say. */
  readonly retryAfter: number | null;

  constructor(status: number, message: string, retryAfter: number | null) {
    super(message);
    this.status = status;
    this.retryAfter = retryAfter;
  }
}

export const isSignedOut = (thrown: unknown): boolean => thrown instanceof CallFailed && thrown.status === 401;
