ALTER TABLE "calls" ADD COLUMN "connect_by" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "calls" ADD COLUMN "bridges" smallint DEFAULT 0 NOT NULL;