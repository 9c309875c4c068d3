import { type Static, Type } from '@sinclair/typebox';
import { AppError } from '../../core/errors.ts';
import { formatId, parseId } from '../../core/id.ts';
import { offsetWithin } from '../../core/page.ts';
import { DEFAULT_RULES, RETRIED, type RetriedOutcome, type RetryRule, type RetryRules, RULE_BOUNDS } from '../../core/retry.ts';
import { listPendingRetries, type PendingRetry } from '../../db/query/retries.ts';
import { retryNow } from '../../service/retries.ts';
import { changeRulesOf, rulesOf } from '../../service/retry-rules.ts';
import type { Runtime } from '../../service/runtime.ts';
import type { App } from '../plugin/app.ts';
import { principalOf } from '../plugin/guard.ts';
import { onceOf } from '../plugin/idempotency.ts';
import { Nullable, PageQuery, Timestamp } from '../plugin/schema.ts';
import { BODY_ERRORS, Data, data, DataPage, Done, done, errors, pagination, Told, told } from './dialect.ts';

const AgentParams = Type.Object({ agentId: Type.String({ maxLength: 40, description: '`agent_123` or `123`' }) });
const CallParams = Type.Object({
  callId: Type.String({ maxLength: 40, description: '`call_123` or `123`, of the call or any retry of it' }),
});
const CallId = Type.String({ examples: ['call_123'] });

const Rule = Type.Object({
  maxAttempts: Type.Integer({ ...RULE_BOUNDS.maxAttempts, description: 'Dials in all, the first included', examples: [3] }),
  initialDelay: Type.Integer({
    ...RULE_BOUNDS.initialDelayMs,
    description: 'Milliseconds from the end of the first attempt to the first retry',
    examples: [300_000],
  }),
  backoffMultiplier: Type.Number({ ...RULE_BOUNDS.backoffMultiplier, description: 'Makes each further pause longer', examples: [2] }),
});
const always = Object.keys(DEFAULT_RULES) as Array<keyof typeof DEFAULT_RULES>;
const Config = Type.Object({
  ...byOutcome(always, () => Rule),
  ...byOutcome(['voicemail', 'abandoned'], () => Type.Optional(Rule)),
});
const RuleChange = Type.Partial(Rule, { additionalProperties: false, minProperties: 1 });
const Change = Type.Object(
  byOutcome(RETRIED, () => Type.Optional(RuleChange)),
  { additionalProperties: false, minProperties: 1 },
);

const Pending = Type.Object({
  _id: CallId,
  toPhone: Type.String({ examples: ['+919876543210'] }),
  retryAttempt: Type.Integer({ description: '1: the first retry' }),
  nextRetryAt: Timestamp(),
  failureReason: Nullable(Type.String({ examples: ['no_answer'] }), 'How the attempt before it ended; null: none was dialed'),
});

const ManualRetry = Type.Object({
  _id: CallId,
  originalCallId: CallId,
  retryAttempt: Type.Integer(),
  status: Type.Literal('scheduled'),
  scheduledFor: Timestamp('Now, or when the calling hours open'),
  exceedsMaxAttempts: Type.Boolean({ description: 'It is one dial more than the retry configuration allows' }),
});

/** What follows calls that were not answered: the rules, what waits, and a retry by hand. */
export function retryRoutes(scope: App, rt: Runtime): void {
  const tags = ['Retry Management'];

  scope.get(
    '/retry/config/:agentId',
    {
      schema: {
        tags,
        summary: 'Get retry configuration',
        description:
          'How often and after what pause the calls of an agent are tried again, by how they ended. `voicemail` and `abandoned` calls are not, unless they are configured. A campaign’s own settings come first.',
        params: AgentParams,
        response: {
          200: Data(Type.Object({ agentId: Type.String({ examples: ['agent_123'] }), retryConfig: Config }), 'The configuration'),
          ...errors(400, 404),
        },
      },
    },
    async (request) => {
      const { agentId, rules } = await rulesOf(rt, principalOf(request), request.params.agentId);
      return data({ agentId: formatId('agent', agentId), retryConfig: presentRules(rules) });
    },
  );

  scope.put(
    '/retry/config/:agentId',
    {
      schema: {
        tags,
        summary: 'Update retry configuration',
        description:
          'Changes the outcomes and fields that are given; attempts that end from now on follow it. The first rule for `voicemail` or `abandoned` takes what is not given from the default of `no_answer`. With `maxAttempts` 1 nothing is tried again.',
        params: AgentParams,
        body: Change,
        response: { 200: Done('Updated'), ...errors(404, ...BODY_ERRORS) },
      },
    },
    async (request) => {
      await changeRulesOf(rt, principalOf(request), request.params.agentId, changesOf(request.body));
      return done('Retry configuration updated successfully');
    },
  );

  scope.get(
    '/retry/pending',
    {
      schema: {
        tags,
        summary: 'List pending retries',
        description: 'Retries that wait for their moment, soonest first, page by page.',
        querystring: Type.Object(PageQuery({ limit: 50, maximum: 100 })),
        response: {
          200: DataPage(Pending, 'A page of waiting retries'),
          ...errors(400),
        },
      },
    },
    async (request) => {
      const { page, limit } = request.query;
      const offset = offsetWithin({ page, limit });
      const { rows, total } = await listPendingRetries(rt.db.sql, principalOf(request).tenantId, { limit, offset });
      return { ...data(rows.map(presentPending)), pagination: pagination(total, { page, limit }) };
    },
  );

  scope.post(
    '/retry/manual/:callId',
    {
      config: { repeatable: true },
      schema: {
        tags,
        summary: 'Manual retry',
        description:
          'Dials once more, now or as soon as the calling hours open, even when the configured attempts are used up; the answer says so. A retry that waits already is brought forward. 409 while an attempt is under way, after one was completed, and when the number is on the do-not-call list.',
        params: CallParams,
        response: { 200: Told(ManualRetry, 'The retry that waits now'), ...errors(400, 404, 409) },
      },
    },
    async (request) => {
      const callId = parseId('call', request.params.callId);
      if (callId === undefined) throw new AppError('not_found', 'Call not found');
      const retry = await retryNow(rt, principalOf(request).tenantId, callId, onceOf(request));
      const beyond = retry.exceedsMaxAttempts ? `, beyond the ${retry.maxAttempts} attempts that are configured` : '';
      return told(`Call retry initiated successfully${beyond}`, {
        _id: formatId('call', retry.callId),
        originalCallId: formatId('call', retry.originalCallId),
        retryAttempt: retry.retryAttempt,
        status: 'scheduled' as const,
        scheduledFor: retry.scheduledFor.toISOString(),
        exceedsMaxAttempts: retry.exceedsMaxAttempts,
      });
    },
  );
}

function byOutcome<O extends RetriedOutcome, V>(outcomes: readonly O[], value: () => V): Record<O, V> {
  return Object.fromEntries(outcomes.map((outcome) => [outcome, value()])) as Record<O, V>;
}

function presentRules(rules: RetryRules): Static<typeof Config> {
  const present = ({ initialDelayMs, ...rule }: RetryRule) => ({ ...rule, initialDelay: initialDelayMs });
  const { no_answer, busy, failed, voicemail, abandoned } = { ...DEFAULT_RULES, ...rules };
  return {
    no_answer: present(no_answer),
    busy: present(busy),
    failed: present(failed),
    ...(voicemail && { voicemail: present(voicemail) }),
    ...(abandoned && { abandoned: present(abandoned) }),
  };
}

function changesOf(body: Static<typeof Change>): Parameters<typeof changeRulesOf>[3] {
  return Object.fromEntries(
    Object.entries(body).map(([outcome, { initialDelay, ...rest }]) => [
      outcome,
      { ...rest, ...(initialDelay !== undefined && { initialDelayMs: initialDelay }) },
    ]),
  );
}

function presentPending(row: PendingRetry): Static<typeof Pending> {
  return {
    _id: formatId('call', row.callId),
    toPhone: row.to,
    retryAttempt: row.retryAttempt,
    nextRetryAt: row.nextRetryAt.toISOString(),
    failureReason: row.failureReason,
  };
}
