CREATE TABLE "rollup_recency" (
	"book_id" integer NOT NULL,
	"day" date NOT NULL,
	"previous_day" date NOT NULL,
	"payers" bigint NOT NULL,
	CONSTRAINT "rollup_recency_pkey" PRIMARY KEY("book_id","day","previous_day"),
	CONSTRAINT "rollup_recency_order" CHECK (previous_day < day)
);
--> statement-breakpoint
ALTER TABLE "rollup_recency" ADD CONSTRAINT "rollup_recency_book_fk" FOREIGN KEY ("book_id") REFERENCES "public"."books"("book_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "rollup_payers_payer" ON "rollup_payers" USING btree ("book_id","payer","day");