CREATE TABLE "worker_processes" (
	"boot_id" uuid NOT NULL,
	"seen_at" timestamp with time zone DEFAULT now() NOT NULL,
	"ended_at" timestamp with time zone,
	"report" jsonb NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "worker_processes_pkey" PRIMARY KEY("boot_id")
);
--> statement-breakpoint
CREATE INDEX "books_proofs_wallet_asset" ON "books_proofs" USING btree ("book_id","wallet_id","asset_id","books_proof_id");
--> statement-breakpoint
-- Workers tell, the api and the reader look.
grant select, insert, update, delete on worker_processes to tollbook_worker;
--> statement-breakpoint
grant select on worker_processes to tollbook_app, tollbook_reader;
