import type { Attributes, Context, SpanContext, SpanKind } from '@opentelemetry/api';
import type { Logger } from 'pino';
import type { Config } from '../core/config.ts';
import { maskPhones } from '../core/phone.ts';
import { openQueueTelemetry, type QueueTelemetry } from '../queue/telemetry.ts';
import { openSpanPipe } from './span-pipe.ts';

/** Of every span that is about one call. Numbers, names and tokens are in none. */
export const CALL_ID = 'dialfleet.call.id';

export interface SpanRequest {
  /** few different ones: ids are attributes */
  name: string;
  kind?: 'internal' | 'server' | 'client';
  attributes?: Attributes;
  /** what it is about; steps of one call find each other by it */
  callId?: number;
  /** W3C trace context to go on with. A step within a trace of its own, such as a callback, is linked to that */
  traceparent?: string | null | undefined;
  /** W3C trace context that it has to do with, but whose sampling does not count: a trace begins, linked to that */
  linkedTo?: string;
}

export type Note = (attributes: Attributes) => void;

export interface OpenSpan {
  /** Calls `work` within the span: what it starts belongs to it. */
  run<T>(work: () => T): T;
  note: Note;
  fail(error: unknown): void;
  end(): void;
}

/** OpenTelemetry, or nothing at all; whoever traces asks no more than this. */
export interface Tracing {
  readonly on: boolean;
  /** how the queues trace */
  readonly queues: QueueTelemetry | undefined;
  /** what runs now in W3C form, for a row or a job; undefined: nothing is traced */
  traceparent(): string | undefined;
  /** whether what runs now is a step of this call */
  isWithin(callId: number): boolean;
  begin(request: SpanRequest): OpenSpan;
  /** Runs `work` as a span, which an error ends as failed and passes through. */
  span<T>(request: SpanRequest, work: (note: Note) => Promise<T>): Promise<T>;
  /** A moment in a trace, and what follows from it. */
  mark(request: SpanRequest): string | undefined;
  /** Sends what is left, for three seconds at most. */
  close(): Promise<void>;
}

const NO_SPAN: OpenSpan = { run: (work) => work(), note: () => undefined, fail: () => undefined, end: () => undefined };

/** Of a process that traces nothing. */
export const UNTRACED: Tracing = {
  on: false,
  queues: undefined,
  traceparent: () => undefined,
  isWithin: () => true,
  begin: () => NO_SPAN,
  span: (_request, work) => work(NO_SPAN.note),
  mark: () => undefined,
  close: async () => undefined,
};

/**
 * Opens tracing for one process, named `dialfleet-<role>`: spans go to OTEL_EXPORTER_OTLP_ENDPOINT by OTLP/HTTP; without it no
 * module of OpenTelemetry is loaded. A trace that is gone on with keeps its sampling; OpenTelemetry's own
 * OTEL_TRACES_SAMPLER, OTEL_TRACES_SAMPLER_ARG, OTEL_SERVICE_NAME, OTEL_RESOURCE_ATTRIBUTES, OTEL_EXPORTER_OTLP_HEADERS and
 * OTEL_BSP_* are read from the real environment.
 */
export async function openTracing(config: Config, log: Logger, role: string): Promise<Tracing> {
  if (config.OTEL_EXPORTER_OTLP_ENDPOINT === '') return UNTRACED;
  const { context, createContextKey, propagation, ROOT_CONTEXT, SpanKind, SpanStatusCode, trace } = await import('@opentelemetry/api');
  const pipe = await openSpanPipe(config.OTEL_EXPORTER_OTLP_ENDPOINT, `dialfleet-${role}`, log);
  const { tracer } = pipe;
  const kinds: Record<NonNullable<SpanRequest['kind']>, SpanKind> = {
    internal: SpanKind.INTERNAL,
    server: SpanKind.SERVER,
    client: SpanKind.CLIENT,
  };
  const subject = createContextKey('dialfleet.call');

  /** The context that a span starts in, and what it is linked to. */
  function parentOf({ callId, traceparent, linkedTo }: SpanRequest): { parent: Context; link: SpanContext | undefined } {
    if (linkedTo) return { parent: ROOT_CONTEXT, link: trace.getSpanContext(propagation.extract(ROOT_CONTEXT, { traceparent: linkedTo })) };
    const active = context.active();
    const here = trace.getSpan(active);
    const given = traceparent ? propagation.extract(active, { traceparent }) : active;
    const isElsewhere = trace.getSpanContext(given)?.traceId !== here?.spanContext().traceId;
    const parent = isElsewhere ? given : active;
    return {
      parent: callId === undefined ? parent : parent.setValue(subject, callId),
      link: isElsewhere ? here?.spanContext() : undefined,
    };
  }

  function begin(request: SpanRequest): OpenSpan {
    const { parent, link } = parentOf(request);
    const { name, kind = 'internal', attributes, callId } = request;
    const span = tracer.startSpan(
      name,
      {
        kind: kinds[kind],
        attributes: { ...attributes, ...(callId !== undefined && { [CALL_ID]: callId }) },
        links: link ? [{ context: link }] : [],
      },
      parent,
    );
    const within = trace.setSpan(parent, span);
    return {
      run: (work) => context.with(within, work),
      note: (more) => void span.setAttributes(more),
      fail(error) {
        if (error instanceof Error) span.recordException(error);
        span.setAttribute('error.type', error instanceof Error ? error.name : typeof error);
        span.setStatus({ code: SpanStatusCode.ERROR, message: error instanceof Error ? maskPhones(error.message) : undefined });
      },
      end: () => span.end(),
    };
  }

  function traceparent(): string | undefined {
    const carrier: Record<string, string> = {};
    propagation.inject(context.active(), carrier);
    return carrier.traceparent;
  }

  return {
    on: true,
    queues: await openQueueTelemetry(tracer),
    traceparent,
    isWithin: (callId) => context.active().getValue(subject) === callId,
    begin,
    async span(request, work) {
      const open = begin(request);
      try {
        return await open.run(() => work(open.note));
      } catch (error) {
        open.fail(error);
        throw error;
      } finally {
        open.end();
      }
    },
    mark(request) {
      const open = begin(request);
      open.end();
      return open.run(traceparent);
    },
    close: () => pipe.close(),
  };
}
