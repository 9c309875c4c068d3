import { type Static, Type } from '@sinclair/typebox';
import { formatId } from '../../core/id.ts';
import { type AgentCard, listAgentCards } from '../../db/query/dashboard-agents.ts';
import { openKeep } from '../../service/dashboard-cache.ts';
import type { Api } from '../plugin/api.ts';
import type { App } from '../plugin/app.ts';
import { principalOf } from '../plugin/guard.ts';
import { Nullable, Timestamp } from '../plugin/schema.ts';
import { errors } from './dialect.ts';
import { answerKept } from './kept.ts';
import { ItemPage, itemPage, PageQuery, rowsOf } from './page.ts';

const KEPT_MS = 45_000;

const Agent = Type.Object({
  id: Type.String({ examples: ['agent_123'] }),
  name: Type.String(),
  voice_label: Nullable(Type.String(), 'null: none was chosen'),
  language: Type.String({ examples: ['en-US'] }),
  created_at: Timestamp(),
});
const Agents = ItemPage(Agent, 'A page of agents');

/** The account's AI agents. */
export function agentRoutes(scope: App, { runtime }: Api, now: () => number): void {
  const keep = openKeep<Static<typeof Agents>>(KEPT_MS, now);

  scope.get(
    '/agents',
    {
      constraints: { surface: 'dashboard' },
      schema: {
        tags: ['Agents'],
        summary: 'List agents',
        description: 'AI agents, newest first. Up to 45 seconds old.',
        querystring: PageQuery('Part of the name'),
        response: { 200: Agents, ...errors(400) },
      },
    },
    async (request, reply) => {
      const query = rowsOf(principalOf(request).tenantId, request.query);
      const load = async () => {
        const { rows, total } = await listAgentCards(runtime.db.sql, query);
        return itemPage(rows.map(presentAgent), total, request.query);
      };
      return answerKept(reply, keep(JSON.stringify(query), load));
    },
  );
}

function presentAgent(row: AgentCard): Static<typeof Agent> {
  return {
    id: formatId('agent', row.id),
    name: row.name,
    voice_label: row.voiceLabel,
    language: row.language,
    created_at: row.createdAt.toISOString(),
  };
}
