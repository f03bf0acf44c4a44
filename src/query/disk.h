/* disk: what the file takes, for the questions that ask (TAKES_DISK). Only for src/query. */
#ifndef DMARCQ_QUERY_DISK_H
#define DMARCQ_QUERY_DISK_H

#include "store/db.h"

/*
 * Registers file_bytes(suffix): the bytes of the file beside the database whose name ends so ("": itself;
 * NULL: there is none); and sees to it that the table dbstat can be read: where SQLite was built without it,
 * it is empty.
 */
enum status disk_open(struct db *db, struct err *err);

#endif
