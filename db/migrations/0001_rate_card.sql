-- The general rate card (tenant_id 0); a tenant's own rows win over it.
INSERT INTO "rates" ("tenant_id", "component", "unit", "price") VALUES
  (0, 'carrier', 'started_minute', 0.014),
  (0, 'stt', 'minute', 0.006),
  (0, 'tts', 'thousand_characters', 0.015),
  (0, 'llm', 'thousand_tokens', 0.002);
