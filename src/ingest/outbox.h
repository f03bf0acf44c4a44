/* outbox: where a reading thread puts what it read; full parcels are handed on. */
#ifndef DMARCQ_INGEST_OUTBOX_H
#define DMARCQ_INGEST_OUTBOX_H

#include "parse/parse.h"
#include "report/parcel.h"

enum { PARCEL_BYTES = 131072 };

struct outbox {
	struct parcel *parcel; /* that is being filled */
	struct entry *begin;   /* report-begin of the open report, when it is in this parcel */
	struct entry *records; /* the open list of records, when it is in this parcel */
	struct record *last;
	struct str place;   /* of the next report inside its original; missing: all of it */
	uint64_t documents; /* reports begun in this stream */
	/* Asked at the end of each report for repairs that only the containers know of. */
	void (*known)(void *data, struct repairs *repairs, struct arena *arena);
	void *known_data;
	/* Takes a full parcel and gives an empty one; may wait. */
	struct parcel *(*hand_on)(void *data, struct parcel *parcel);
	void *data;
};

/* The sink that fills an outbox; its data is the outbox. */
struct sink outbox_sink(struct outbox *outbox);
/* An entry in the current parcel. */
struct entry *outbox_add(struct outbox *outbox, enum entry_type type);
/* A copy of a text that lives as long as the current parcel. */
struct str outbox_text(struct outbox *outbox, struct str text);
/* The arena of the parcel that the next outbox_tls is put into. */
struct arena *outbox_arena(struct outbox *outbox);
/* A TLS report out of that arena, the number-th document of its stream. */
void outbox_tls(struct outbox *outbox, struct tls_report *report, uint64_t number);
/* Hands the parcel on when it is full; between entries only. */
void outbox_flush_full(struct outbox *outbox);

#endif
