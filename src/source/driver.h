/*
 * driver: what the drivers of this folder share: the kinds of sources, items made from files, reading and
 * settling a file. Private to src/source.
 */
#ifndef DMARCQ_SOURCE_DRIVER_H
#define DMARCQ_SOURCE_DRIVER_H

#include "source/listing.h"
#include "source/source.h"

#include <sys/stat.h>

extern const struct source_class imap_source, pop3_source, stdin_source, file_source, maildir_source,
    folder_source;

/* An item with the identity of a file; copies its texts. */
struct item *item_new(
    struct source *source, const char *folder, const char *name, const char *path, const struct stat *st);
/* "folder/name"; freed by the caller. */
char *path_join(const char *folder, const char *name);
/* The exit code that fits a failed system call on a source: 77 when it was not allowed, else 65: there is
 * nothing to read. */
enum exit_code exit_code_of(int error);

/*
 * Reads the file at path as item_read says. Neither a symbolic link at its end nor anything but a regular
 * file is opened. BAD with errno left in *error (0: something else).
 */
enum status file_read(
    const char *path, const struct limits *limits, struct spool *spool, int *fd, int *error, struct err *err);
/* Moves or deletes a plain file as the options say: OK, SKIP (it is no longer what was read), BAD. */
enum status file_settle(const struct item *item, const struct source_options *options, struct err *err);
/* Gives a file a new name that must not be taken: 0 or an errno. */
int rename_new(const char *from, const char *to);

/*
 * The walk through a folder and all below it, in an order that depends on the names alone. Folders that look
 * like a Maildir are read as one. text must be a folder; maildir: it is known to be a Maildir.
 */
enum status tree_open(struct source **source, const struct source_class *class, const char *text,
    bool maildir, const struct source_options *options, struct err *err);
enum status tree_next(struct source *source, struct item **item, struct err *err);
enum status tree_read(
    struct source *source, struct item *item, struct spool *spool, int *fd, struct err *err);
enum status tree_settle(struct source *source, const struct item *item, enum fate fate, struct err *err);
uint64_t tree_total(const struct source *source);
void tree_close(struct source *source);

/* Whether a folder has cur/ and new/, and tmp/ if that is asked. */
bool maildir_looks(const char *path, bool with_tmp);
/* Lists a Maildir: "cur/..." and "new/..." each mail once, then the subfolders. BAD: what could be listed is
 * there. */
enum status maildir_list(struct listing *names, const char *path, struct err *err);
/* The stable part of a mail's file name: without ":2,FLAGS". Returns its length. */
size_t maildir_base(const char *name);
/* Where a mail went that is no longer where it was listed: its path, freed by the caller, or NULL. */
char *maildir_find(const struct item *item);
/* new/X becomes cur/X:2,S. */
enum status maildir_settle(const struct item *item, struct err *err);

#endif
