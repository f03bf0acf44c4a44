/*
 * probe_lines: lines of an IMAP server after the login, as probe_ask hands them over. Pure; what doesn't fit
 * the grammar is passed over.
 */
#ifndef DMARCQ_MAILBOX_PROBE_LINES_H
#define DMARCQ_MAILBOX_PROBE_LINES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * The folder of a line "* LIST (\HasNoChildren) "/" Reports" (RFC 9051 section 7.3.1). False: it is another
 * line, or the name has no room. Folders with \Noselect or \NonExistent hold no messages.
 */
bool lines_list(char *name, size_t size, bool *selectable, const char *line);
/* The numbers of a line "* STATUS Reports (MESSAGES 12 UNSEEN 3)"; false: it is another line. */
bool lines_status(uint64_t *messages, uint64_t *unseen, const char *line);
/* The letters of a line "* MYRIGHTS Reports lrswite" (RFC 4314 section 3.8). False: it is another line, or
 * they have no room. */
bool lines_rights(char *rights, size_t size, const char *line);

#endif
