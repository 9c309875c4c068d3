import { AppError } from '../core/errors.ts';
import type { Answer, Given } from './http.ts';

/**
 * What a failed request to a phone company has left behind. `refused`: nothing, and repeating it changes nothing (400, 422); `missing`:
 * nothing, what it names is not there; `not_now`: nothing, later it may do (429, 402, a key that is not valid, no connection);
 * `unclear`: nobody knows (a time-out, a 5xx).
 */
export type FailureKind = 'refused' | 'missing' | 'not_now' | 'unclear';

/** The `carrier_failure` that a client sees as the company's, and that tells us whether to ask again. */
export class CarrierFailure extends AppError {
  readonly kind: FailureKind;

  constructor(kind: FailureKind, message: string) {
    super('carrier_failure', message);
    this.kind = kind;
  }
}

/** What an answer that is no yes leaves behind. */
export function failureKindOf(status: number): FailureKind {
  if (status === 400 || status === 422) return 'refused';
  if (status === 404 || status === 410) return 'missing';
  return status > 400 && status < 500 && status !== 408 ? 'not_now' : 'unclear';
}

/** The answer, if there is one. @throws CarrierFailure */
export function answered(answer: Answer): Given {
  if (answer.got !== 'answer') throw new CarrierFailure(answer.got === 'unsent' ? 'not_now' : 'unclear', answer.message);
  return answer;
}
