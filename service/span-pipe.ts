import type { Attributes, AttributeValue, Tracer } from '@opentelemetry/api';
import type { SpanProcessor } from '@opentelemetry/sdk-trace-node';
import type { Logger } from 'pino';
import { maskPhones } from '../core/phone.ts';

/** A collector that is away holds up a stop no longer than this. */
const PATIENCE_MS = 3000;

/** Where spans go: into batches, and from there to a collector. */
export interface SpanPipe {
  tracer: Tracer;
  /** Sends what is left. A collector that does not answer is a warning. */
  close(): Promise<void>;
}

/**
 * Opens the way from spans to the collector at `endpoint` (its base address; OTLP/HTTP, JSON). The first of a process also says
 * how contexts travel within it and into jobs.
 */
export async function openSpanPipe(endpoint: string, service: string, log: Logger): Promise<SpanPipe> {
  const [
    { diag, DiagLogLevel },
    { BatchSpanProcessor, NodeTracerProvider },
    { OTLPTraceExporter },
    { detectResources, envDetector, ...resources },
  ] = await Promise.all([
    import('@opentelemetry/api'),
    import('@opentelemetry/sdk-trace-node'),
    import('@opentelemetry/exporter-trace-otlp-http'),
    import('@opentelemetry/resources'),
  ]);
  const warn = (message: string) => log.warn({ reason: message }, 'traces');
  const mute = () => undefined;
  diag.setLogger(
    { error: warn, warn, info: mute, debug: mute, verbose: mute },
    { logLevel: DiagLogLevel.WARN, suppressOverrideMessage: true },
  );
  const exporter = new OTLPTraceExporter({ url: `${endpoint.replace(/\/+$/, '')}/v1/traces`, timeoutMillis: PATIENCE_MS });
  const provider = new NodeTracerProvider({
    resource: resources
      .defaultResource()
      .merge(resources.resourceFromAttributes({ 'service.name': service }))
      .merge(detectResources({ detectors: [envDetector] })),
    spanProcessors: [MASK, new BatchSpanProcessor(exporter)],
  });
  // of several in one process the first one's stay
  provider.register();
  return {
    tracer: provider.getTracer('dialfleet'),
    async close() {
      const late = new Promise<'late'>((resolve) => setTimeout(resolve, PATIENCE_MS, 'late').unref());
      try {
        if ((await Promise.race([provider.shutdown(), late])) === 'late') log.warn('traces: the collector does not answer, some are lost');
      } catch (error) {
        log.warn({ err: error }, 'traces: some are lost');
      }
    },
  };
}

/** The last word of every span, BullMQ's too: no phone number leaves in an attribute or the words of an error. */
const MASK: SpanProcessor = {
  onStart: () => undefined,
  onEnd({ attributes, events, status }) {
    mask(attributes);
    if (status.message !== undefined) status.message = maskPhones(status.message);
    for (const event of events) if (event.attributes) mask(event.attributes);
  },
  forceFlush: async () => undefined,
  shutdown: async () => undefined,
};

function mask(attributes: Attributes): void {
  for (const [name, value] of Object.entries(attributes)) attributes[name] = masked(value);
}

function masked(value: AttributeValue | undefined): AttributeValue | undefined {
  if (typeof value === 'string') return maskPhones(value);
  if (Array.isArray(value)) return value.map((one) => (typeof one === 'string' ? maskPhones(one) : one)) as AttributeValue;
  return value;
}
