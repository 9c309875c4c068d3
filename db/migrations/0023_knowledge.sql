ALTER TABLE "documents" ADD COLUMN "progress" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "documents" ADD COLUMN "embedding_model" text;--> statement-breakpoint
ALTER TABLE "documents" ADD COLUMN "embed_after" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "documents" ADD COLUMN "embed_faults" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "passages" ADD COLUMN "title" text DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE "passages" ADD COLUMN "heading" text DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE "passages" ADD COLUMN "embedding_model" text;--> statement-breakpoint
UPDATE "passages" SET "title" = "documents"."title" FROM "documents" WHERE "documents"."id" = "passages"."document_id";--> statement-breakpoint
UPDATE "documents" SET "progress" = 100 WHERE "status" = 'ready';--> statement-breakpoint
ALTER TABLE "passages" drop column "searchable";--> statement-breakpoint
ALTER TABLE "passages" ADD COLUMN "searchable" "tsvector" GENERATED ALWAYS AS (setweight(to_tsvector('english', "passages"."title"), 'A') || setweight(to_tsvector('english', "passages"."heading"), 'B') || to_tsvector('english', "passages"."content")) STORED;--> statement-breakpoint
CREATE INDEX "passages_search" ON "passages" USING gin ("searchable");
