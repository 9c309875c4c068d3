DROP INDEX "calls_due";--> statement-breakpoint
DROP INDEX "schedules_list";--> statement-breakpoint
DROP INDEX "suppressions_list";--> statement-breakpoint
ALTER TABLE "retry_rules" ALTER COLUMN "initial_delay_ms" SET DATA TYPE bigint;--> statement-breakpoint
ALTER TABLE "calls" ADD COLUMN "held_until" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "calls" ADD COLUMN "retry_open" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "capacity_leases" ADD COLUMN "hold" numeric(16, 6) DEFAULT '0' NOT NULL;--> statement-breakpoint
ALTER TABLE "carrier_pace" ADD COLUMN "failures" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "schedules" ADD COLUMN "timezone_given" boolean DEFAULT true NOT NULL;--> statement-breakpoint
ALTER TABLE "schedules" ADD COLUMN "cancelled_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "credit_accounts" ADD COLUMN "refill_amount" numeric(16, 6) DEFAULT '100' NOT NULL;--> statement-breakpoint
ALTER TABLE "tenants" ADD COLUMN "calling_hours_preset" text;--> statement-breakpoint
CREATE INDEX "calls_held" ON "calls" USING btree ("held_until") WHERE status = 'scheduled' and held_until is not null;--> statement-breakpoint
CREATE INDEX "calls_retry_open" ON "calls" USING btree ("ended_at") WHERE retry_open;--> statement-breakpoint
CREATE INDEX "calls_retry_pending" ON "calls" USING btree ("tenant_id","due_at","id") WHERE retry_attempt > 0 and status in ('scheduled', 'queued');--> statement-breakpoint
CREATE INDEX "calls_schedule" ON "calls" USING btree ("schedule_id","id") WHERE schedule_id is not null;--> statement-breakpoint
CREATE INDEX "suppressions_by_source" ON "suppressions" USING btree ("tenant_id","source","created_at" DESC NULLS FIRST,"id" DESC NULLS FIRST) WHERE released_at is null;--> statement-breakpoint
CREATE INDEX "suppressions_released" ON "suppressions" USING btree ("tenant_id","created_at" DESC NULLS FIRST,"id" DESC NULLS FIRST) WHERE released_at is not null;--> statement-breakpoint
CREATE INDEX "calls_due" ON "calls" USING btree ("tenant_id","priority","due_at","id") WHERE status = 'scheduled' and due_at is not null and held_until is null;--> statement-breakpoint
CREATE INDEX "schedules_list" ON "schedules" USING btree ("tenant_id","next_run_at","id") WHERE cancelled_at is null;--> statement-breakpoint
CREATE INDEX "suppressions_list" ON "suppressions" USING btree ("tenant_id","created_at" DESC NULLS FIRST,"id" DESC NULLS FIRST) WHERE released_at is null;--> statement-breakpoint
ALTER TABLE "rates" ADD CONSTRAINT "rates_price" CHECK ("rates"."price" >= 0);--> statement-breakpoint
ALTER TABLE "credit_accounts" ADD CONSTRAINT "credit_accounts_refill" CHECK ("credit_accounts"."refill_amount" > 0);