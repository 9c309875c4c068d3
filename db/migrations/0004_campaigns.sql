CREATE TABLE "campaign_days" (
	"campaign_id" bigint NOT NULL,
	"day" date NOT NULL,
	"dials" integer DEFAULT 0 NOT NULL,
	"answered" integer DEFAULT 0 NOT NULL,
	"abandoned" integer DEFAULT 0 NOT NULL,
	"completed" integer DEFAULT 0 NOT NULL,
	"talk_seconds" bigint DEFAULT 0 NOT NULL,
	CONSTRAINT "campaign_days_campaign_id_day_pk" PRIMARY KEY("campaign_id","day")
);
--> statement-breakpoint
CREATE TABLE "call_slots" (
	"tenant_id" bigint NOT NULL,
	"slot" timestamp (3) with time zone NOT NULL,
	"direction" text NOT NULL,
	"status" text NOT NULL,
	"calls" integer NOT NULL,
	"duration_seconds" bigint NOT NULL,
	"cost" numeric(16, 6) NOT NULL,
	CONSTRAINT "call_slots_tenant_id_slot_direction_status_pk" PRIMARY KEY("tenant_id","slot","direction","status")
);
--> statement-breakpoint
CREATE TABLE "tenant_versions" (
	"tenant_id" bigint NOT NULL,
	"subject" text NOT NULL,
	"version" bigint DEFAULT 1 NOT NULL,
	CONSTRAINT "tenant_versions_tenant_id_subject_pk" PRIMARY KEY("tenant_id","subject")
);
--> statement-breakpoint
DROP INDEX "contacts_to_dial";--> statement-breakpoint
ALTER TABLE "contacts" ALTER COLUMN "next_attempt_at" SET DEFAULT now();--> statement-breakpoint
ALTER TABLE "contacts" ALTER COLUMN "next_attempt_at" SET NOT NULL;--> statement-breakpoint
ALTER TABLE "agents" ADD COLUMN "next_state" text;--> statement-breakpoint
ALTER TABLE "agents" ADD COLUMN "current_call_id" bigint;--> statement-breakpoint
ALTER TABLE "agents" ADD COLUMN "wrap_up_until" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "calls" ADD COLUMN "bridged_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "calls" ADD COLUMN "abandoned_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "calls" ADD COLUMN "disposition" text;--> statement-breakpoint
ALTER TABLE "calls" ADD COLUMN "flow_version" integer;--> statement-breakpoint
ALTER TABLE "calls" ADD COLUMN "flow_state" jsonb;--> statement-breakpoint
ALTER TABLE "recordings" ADD COLUMN "status" text DEFAULT 'ready' NOT NULL;--> statement-breakpoint
ALTER TABLE "recordings" ADD COLUMN "fetch_attempts" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "recordings" ADD COLUMN "next_fetch_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "campaigns" ADD COLUMN "contact_order" text DEFAULT 'oldest_first' NOT NULL;--> statement-breakpoint
ALTER TABLE "campaigns" ADD COLUMN "abandon_message" text;--> statement-breakpoint
ALTER TABLE "campaigns" ADD COLUMN "overdial" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "campaigns" ADD COLUMN "pacing" jsonb;--> statement-breakpoint
ALTER TABLE "campaigns" ADD COLUMN "next_call_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "campaigns" ADD COLUMN "started_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "campaigns" ADD COLUMN "completed_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "contacts" ADD COLUMN "dial_state" text DEFAULT 'idle' NOT NULL;--> statement-breakpoint
ALTER TABLE "contacts" ADD COLUMN "result" text;--> statement-breakpoint
ALTER TABLE "contacts" ADD COLUMN "priority" smallint DEFAULT 2 NOT NULL;--> statement-breakpoint
ALTER TABLE "contacts" ADD COLUMN "root_call_id" bigint;--> statement-breakpoint
ALTER TABLE "contacts" ADD COLUMN "reserved_by" bigint;--> statement-breakpoint
ALTER TABLE "contacts" ADD COLUMN "reserved_until" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "campaign_days" ADD CONSTRAINT "campaign_days_campaign_id_campaigns_id_fk" FOREIGN KEY ("campaign_id") REFERENCES "public"."campaigns"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "tenant_versions" ADD CONSTRAINT "tenant_versions_tenant_id_tenants_id_fk" FOREIGN KEY ("tenant_id") REFERENCES "public"."tenants"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "agents_free" ON "agents" USING btree ("tenant_id","state_since") WHERE kind = 'human' and state = 'available' and deleted_at is null;--> statement-breakpoint
CREATE INDEX "agents_wrap_up" ON "agents" USING btree ("wrap_up_until") WHERE wrap_up_until is not null;--> statement-breakpoint
CREATE UNIQUE INDEX "agents_call" ON "agents" USING btree ("current_call_id") WHERE current_call_id is not null;--> statement-breakpoint
CREATE UNIQUE INDEX "agents_sip_username" ON "agents" USING btree ("tenant_id","sip_username") WHERE deleted_at is null and sip_username is not null;--> statement-breakpoint
CREATE INDEX "recordings_pending" ON "recordings" USING btree ("next_fetch_at") WHERE status = 'pending' and deleted_at is null;--> statement-breakpoint
CREATE INDEX "contacts_in_line" ON "contacts" USING btree ("campaign_id","id") WHERE dial_state = 'in_line';--> statement-breakpoint
CREATE INDEX "contacts_campaign" ON "contacts" USING btree ("campaign_id","created_at" DESC NULLS FIRST,"id" DESC NULLS FIRST) WHERE deleted_at is null and campaign_id is not null;--> statement-breakpoint
CREATE UNIQUE INDEX "webhook_deliveries_event" ON "webhook_deliveries" USING btree ("endpoint_id","event_id");--> statement-breakpoint
CREATE INDEX "contacts_to_dial" ON "contacts" USING btree ("campaign_id","priority","next_attempt_at","id") WHERE dial_state = 'waiting';--> statement-breakpoint
ALTER TABLE "recordings" ADD CONSTRAINT "recordings_status" CHECK ("recordings"."status" in ('pending', 'ready', 'failed'));--> statement-breakpoint
ALTER TABLE "contacts" ADD CONSTRAINT "contacts_dial_state" CHECK ("contacts"."dial_state" in ('idle', 'waiting', 'in_line', 'done'));--> statement-breakpoint
ALTER TABLE "contacts" ADD CONSTRAINT "contacts_waits_in_campaign" CHECK ("contacts"."dial_state" = 'idle' or "contacts"."campaign_id" is not null);