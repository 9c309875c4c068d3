ALTER TABLE "calls" ADD COLUMN "denials" smallint DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "calls" ADD COLUMN "over_at" timestamp (3) with time zone;