ALTER TABLE "campaigns" ADD COLUMN "hours_changed_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "contacts" ADD COLUMN "awaits_opening" boolean DEFAULT false NOT NULL;