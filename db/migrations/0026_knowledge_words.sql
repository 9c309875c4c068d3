ALTER TABLE "passages" ALTER COLUMN "searchable" DROP EXPRESSION;--> statement-breakpoint
ALTER TABLE "documents" ADD COLUMN "words_version" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
DELETE FROM "documents" USING "agents" WHERE "agents"."id" = "documents"."agent_id" AND "agents"."deleted_at" IS NOT NULL;--> statement-breakpoint
DROP INDEX IF EXISTS "passages_trigrams";
