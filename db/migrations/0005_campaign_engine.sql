ALTER TABLE "calls" ADD COLUMN "contact_settled" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "campaigns" ADD COLUMN "completed_because" text;--> statement-breakpoint
CREATE INDEX "calls_to_settle" ON "calls" USING btree ("id") WHERE contact_id is not null and ended_at is not null and not contact_settled;--> statement-breakpoint
ALTER TABLE "contacts" ADD CONSTRAINT "contacts_priority" CHECK ("contacts"."priority" in (1, 2, 3));