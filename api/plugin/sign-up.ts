import { Type } from '@sinclair/typebox';
import type { FastifyRequest } from 'fastify';
import { AppError, badFields } from '../../core/errors.ts';
import { signUpFaults } from '../../service/accounts.ts';

/** What a sign-up sends; its lengths are the rules' (`signUpFaults`). */
export const NewAccount = Type.Object({
  email: Type.String({ examples: ['user@example.com'] }),
  password: Type.String({ description: '8 to 256 characters', examples: ['SecurePassword123!'] }),
  name: Type.String({ description: '1 to 200 characters', examples: ['John Doe'] }),
});

/**
 * For sign-up routes with `attachValidation`: what the schema refused and what the rules refuse, in one answer, so that
 * nobody has to send a form once for every field.
 * @throws AppError `validation`
 */
export function refuseBadSignUp({ body, validationError }: FastifyRequest): void {
  if (validationError && !(validationError instanceof AppError)) throw validationError;
  const bySchema = validationError?.fields ?? [];
  const byRules = signUpFaults(Object(body) as Record<string, unknown>).filter(
    ({ field }) => !bySchema.some((known) => known.field === field),
  );
  if (bySchema.length + byRules.length > 0) throw badFields([...bySchema, ...byRules]);
}
