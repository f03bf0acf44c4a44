/* pop3_lines: what a POP3 server says, taken apart (RFC 1939); knows no connection. Private to src/mailbox.
 */
#ifndef DMARCQ_MAILBOX_POP3_LINES_H
#define DMARCQ_MAILBOX_POP3_LINES_H

#include "base/text.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { POP3_UID = 70 /* bytes of a unique id at most (RFC 1939 section 7) */ };

/* Whether an answer is +OK; *text gets what stands behind +OK or -ERR, without blanks around it. */
bool pop3_is_ok(struct str *text, const char *line, size_t len);

/*
 * A line of LIST ("1 120") or UIDL ("1 QhdPYR:00WBw1Ph7x7"). Numbers are from 1 on; a unique id has 1 to 70
 * characters from 0x21 to 0x7E; some servers send longer ones, which are no use. False: it is none.
 */
bool pop3_read_size(uint64_t *number, uint64_t *size, const char *line, size_t len);
bool pop3_read_uid(uint64_t *number, struct str *uid, const char *line, size_t len);

/* The lines of a mail as they come: a dot in front of a line that begins with one, a dot alone at the end. */
struct unstuff {
	enum { STUFF_LINE, STUFF_DOT, STUFF_DOT_CR, STUFF_TEXT, STUFF_CR, STUFF_END } state;
};

/*
 * Takes bytes of the mail until its end or until in is used up; out has room for len + 1 bytes. Returns how
 * many bytes of in were the mail's; *out_len of them are its text. The mail is whole when state is STUFF_END.
 * Only CRLF ends a line: a mail with bare line feeds must not be able to end itself.
 */
size_t unstuff(
    struct unstuff *state, unsigned char *out, size_t *out_len, const unsigned char *in, size_t len);

#endif
