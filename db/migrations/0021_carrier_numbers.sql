ALTER TABLE "phone_numbers" ADD COLUMN "carrier_agent_id" text;--> statement-breakpoint
ALTER TABLE "phone_numbers" ADD COLUMN "tenant_since" timestamp (3) with time zone DEFAULT now() NOT NULL;--> statement-breakpoint
-- When each number came to its tenant: an administrator gave it, or it was made there.
UPDATE "phone_numbers" p
   SET tenant_since = greatest(p.created_at, (
         SELECT max(a.at) FROM "audit_log" a
          WHERE a.action = 'phone.set_agent' AND a.subject = 'phone_' || p.id AND a.detail->>'tenantId' <> a.detail->>'fromTenantId'));
--> statement-breakpoint
-- Of several tenants that have one number from the carrier, the first one's calls were kept: the others have merely entered it.
UPDATE "phone_numbers" p SET carrier = NULL, carrier_number_id = NULL
 WHERE p.carrier IS NOT NULL
   AND EXISTS (SELECT FROM "phone_numbers" o WHERE o.carrier = p.carrier AND o.number = p.number AND o.id < p.id);
--> statement-breakpoint
CREATE UNIQUE INDEX "phone_numbers_carrier" ON "phone_numbers" USING btree ("carrier","number") WHERE carrier is not null;
