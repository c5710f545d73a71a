ALTER TABLE "endpoints" ADD COLUMN "request_bytes_max" integer;--> statement-breakpoint
ALTER TABLE "endpoints" ADD COLUMN "held_bytes_max" integer;--> statement-breakpoint
ALTER TABLE "endpoints" ADD COLUMN "exposure_max" bigint;--> statement-breakpoint
ALTER TABLE "endpoints" ADD CONSTRAINT "endpoints_caps_not_negative" CHECK (request_bytes_max >= 0 and held_bytes_max >= 0 and exposure_max >= 0);