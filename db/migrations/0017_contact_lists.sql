CREATE EXTENSION IF NOT EXISTS pg_trgm;--> statement-breakpoint
CREATE INDEX "contacts_by_update" ON "contacts" USING btree ("tenant_id","updated_at","id") WHERE deleted_at is null;--> statement-breakpoint
CREATE INDEX "contacts_by_name" ON "contacts" USING btree ("tenant_id",lower(name),"id") WHERE deleted_at is null;--> statement-breakpoint
CREATE INDEX "contacts_by_attempts" ON "contacts" USING btree ("tenant_id","attempts","id") WHERE deleted_at is null;--> statement-breakpoint
CREATE INDEX "contacts_by_reach" ON "contacts" USING btree ("tenant_id","last_contacted_at","id") WHERE deleted_at is null;--> statement-breakpoint
CREATE INDEX "contacts_search" ON "contacts" USING gin ((coalesce(name, '') || ' ' || phone || ' ' || coalesce(email, '')) gin_trgm_ops) WHERE deleted_at is null;--> statement-breakpoint
CREATE INDEX "contacts_without_campaign" ON "contacts" USING btree ("tenant_id") WHERE campaign_id is null and deleted_at is null;