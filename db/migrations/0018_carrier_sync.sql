CREATE TABLE "sync_cursors" (
	"carrier" text NOT NULL,
	"subject" text NOT NULL,
	"cursor" jsonb NOT NULL,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "sync_cursors_carrier_subject_pk" PRIMARY KEY("carrier","subject")
);
--> statement-breakpoint
ALTER TABLE "agents" ADD COLUMN "carrier_agent_id" text;--> statement-breakpoint
CREATE UNIQUE INDEX "agents_carrier" ON "agents" USING btree ("tenant_id","carrier","carrier_agent_id") WHERE deleted_at is null and carrier_agent_id is not null;