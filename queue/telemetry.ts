import type { Context, Tracer as OtelTracer } from '@opentelemetry/api';
import { SpanKind as QueueSpanKind, type Telemetry } from 'bullmq';

/** How BullMQ's spans find their parents, through the store and back. */
export type QueueTelemetry = Telemetry<Context>;

/** A tick a second would be most of what is traced. */
const HOUSEKEEPING = 'ticks';

/**
 * Traces what is put into queues and taken out of them, by `tracer`; a job carries the context it was put in with, on Redis
 * and on PostgreSQL. Neither BullMQ's own upkeep nor ticks make spans.
 */
export async function openQueueTelemetry(tracer: OtelTracer): Promise<QueueTelemetry> {
  const [{ BullMQOtel, BullMQOTelSpan }, { context, ROOT_CONTEXT, SpanKind, SpanStatusCode, trace }] = await Promise.all([
    import('bullmq-otel'),
    import('@opentelemetry/api'),
  ]);
  const { contextManager } = new BullMQOtel();
  const silent: ReturnType<QueueTelemetry['tracer']['startSpan']> = {
    setSpanOnContext: (given: Context) => given,
    setAttribute: () => undefined,
    setAttributes: () => undefined,
    addEvent: () => undefined,
    recordException: () => undefined,
    end: () => undefined,
  };
  return {
    contextManager: {
      active: () => contextManager.active(),
      with: (given: Context, run) => contextManager.with(given, run),
      root: () => ROOT_CONTEXT,
      getMetadata: (given: Context) => contextManager.getMetadata(given),
      fromMetadata: (active: Context, metadata) => contextManager.fromMetadata(active, metadata),
    },
    tracer: {
      startSpan(name, options, given?: Context) {
        // all else is what nobody asked for: the poll of a queue, the check for stalled jobs
        const isRun = options?.kind === QueueSpanKind.CONSUMER;
        const isSent = options?.kind === QueueSpanKind.PRODUCER;
        const [operation = name, destination = ''] = name.split(' ');
        const [queue = ''] = destination.split('.');
        const isAsked = isRun || (isSent && trace.getSpan(given ?? context.active()) !== undefined);
        if (!isAsked || queue === HOUSEKEEPING) return silent;
        const [type, spanKind] = isRun ? ['process', SpanKind.CONSUMER] : ['send', SpanKind.PRODUCER];
        const attributes = {
          'messaging.system': 'bullmq',
          'messaging.destination.name': queue,
          'messaging.operation.name': operation,
          'messaging.operation.type': type,
        };
        const span = tracer.startSpan(`${operation} ${queue}`, { kind: spanKind, attributes }, given);
        const told = new BullMQOTelSpan(span);
        return Object.assign(told, {
          recordException(error: Error) {
            span.recordException(error);
            span.setStatus({ code: SpanStatusCode.ERROR });
          },
        });
      },
    },
  };
}
