DROP INDEX "recordings_retention";--> statement-breakpoint
CREATE INDEX "recordings_retention" ON "recordings" USING btree ("tenant_id","created_at") WHERE deleted_at is null;