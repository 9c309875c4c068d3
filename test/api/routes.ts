import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { FastifyInstance, RouteOptions } from 'fastify';
import { SURFACE_NAMES, type SurfaceName } from '../../api/plugin/surface.ts';

const CHANNEL = 'fastify.initialization';

/** One route as a running server has it. */
export interface KnownRoute {
  method: string;
  url: string;
  /** undefined: it belongs to no surface */
  surface: SurfaceName | undefined;
  /** statuses of its documented answers */
  statuses: number[];
  body: JsonSchema | undefined;
  query: JsonSchema | undefined;
  /** it takes files */
  form: boolean;
  /** the largest body it reads, when it has a limit of its own */
  maxBytes: number | undefined;
  /** it takes an Idempotency-Key */
  keyed: boolean;
}

export interface JsonSchema {
  const?: unknown;
  enum?: unknown[];
  default?: unknown;
  examples?: unknown[];
  anyOf?: JsonSchema[];
  type?: string;
  properties?: Record<string, JsonSchema>;
  required?: string[];
  minProperties?: number;
  minItems?: number;
  minLength?: number;
  minimum?: number;
  items?: JsonSchema;
}

/**
 * Hears of every route that servers register while it listens, also of those that no document shows. `read` when the server is
 * ready: only then each knows its surface.
 */
export function watchRoutes(): { read(): KnownRoute[]; stop(): void } {
  const heard: RouteOptions[] = [];
  const hear = (message: unknown) => {
    const { fastify } = message as { fastify: FastifyInstance };
    fastify.addHook('onRoute', (route) => void heard.push(route));
  };
  subscribe(CHANNEL, hear);
  return { read: () => heard.flatMap(known), stop: () => void unsubscribe(CHANNEL, hear) };
}

function known({ method, url, config, schema, bodyLimit: maxBytes }: RouteOptions): KnownRoute[] {
  const surface = SURFACE_NAMES.find((name) => name === config?.surface);
  const statuses = Object.keys(Object(schema?.response) as object).map(Number);
  const body = schema?.body as JsonSchema | undefined;
  const query = schema?.querystring as JsonSchema | undefined;
  const form = schema?.consumes?.includes('multipart/form-data') ?? false;
  const keyed = config?.keyed ?? false;
  return [method].flat().map((each) => ({ method: each, url, surface, statuses, body, query, form, maxBytes, keyed }));
}

/** A value that a schema takes, with no more in it than it asks for. */
export function valueFor(schema: JsonSchema): unknown {
  if (schema.const !== undefined) return schema.const;
  if (schema.examples?.length) return schema.examples[0];
  if (schema.enum?.length) return schema.enum[0];
  if (schema.default !== undefined) return schema.default;
  if (schema.anyOf?.[0]) return valueFor(schema.anyOf[0]);
  switch (schema.type) {
    case 'object': {
      const all = Object.entries(schema.properties ?? {});
      const needed = all.filter(([name]) => schema.required?.includes(name));
      const chosen = needed.length < (schema.minProperties ?? 0) ? all.slice(0, schema.minProperties) : needed;
      return Object.fromEntries(chosen.map(([name, property]) => [name, valueFor(property)]));
    }
    case 'array':
      return schema.minItems && schema.items ? [valueFor(schema.items)] : [];
    case 'integer':
    case 'number':
      return schema.minimum ?? 1;
    case 'boolean':
      return false;
    default:
      return 'x'.repeat(Math.max(1, schema.minLength ?? 1));
  }
}
