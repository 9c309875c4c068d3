/** As much of an OpenAPI 3.1 document as our own documents have (https://spec.openapis.org/oas/v3.1.0). */
export interface Schema {
  type?: string | string[];
  description?: string;
  properties?: Record<string, Schema>;
  required?: string[];
  items?: Schema;
  anyOf?: Schema[];
  enum?: unknown[];
  const?: unknown;
  default?: unknown;
  examples?: unknown[];
  example?: unknown;
  format?: string;
  minimum?: number;
}

export interface Operation {
  summary: string;
  description?: string;
  tags: string[];
  security?: object[];
  parameters?: Array<{
    name: string;
    in: 'query' | 'path' | 'header';
    required?: boolean;
    schema: Schema;
    description?: string;
    example?: unknown;
  }>;
  requestBody?: { content: Record<string, { schema: Schema }> };
  responses: Record<string, { description: string; content?: Record<string, { schema: Schema }> }>;
}

export interface Document {
  paths: Record<string, Record<string, Operation>>;
}

/** What a body of this content looks like; undefined: there is none, or it is no JSON. */
export function jsonSchemaOf(content: Record<string, { schema: Schema }> | undefined): Schema | undefined {
  return content?.['application/json']?.schema;
}
