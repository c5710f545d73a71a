CREATE TABLE "tolerances" (
	"book_id" integer NOT NULL,
	"asset_id" integer NOT NULL,
	"amount_atomic" numeric(78, 0) NOT NULL,
	"actor_id" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "tolerances_pkey" PRIMARY KEY("book_id","asset_id"),
	CONSTRAINT "tolerances_amount_atomic_range" CHECK (amount_atomic >= 0 and amount_atomic < 2::numeric ^ 256)
);
--> statement-breakpoint
ALTER TABLE "allocations" ADD COLUMN "forgiven_atomic" numeric(78, 0) DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "tolerances" ADD CONSTRAINT "tolerances_book_fk" FOREIGN KEY ("book_id") REFERENCES "public"."books"("book_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "tolerances" ADD CONSTRAINT "tolerances_asset_fk" FOREIGN KEY ("asset_id") REFERENCES "public"."assets"("asset_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "allocations" ADD CONSTRAINT "allocations_forgiven_atomic_range" CHECK (forgiven_atomic >= 0 and forgiven_atomic < 2::numeric ^ 256);--> statement-breakpoint
ALTER TABLE "allocations" ADD CONSTRAINT "allocations_forgiven_pays" CHECK (forgiven_atomic = 0 or bucket = 'payment');