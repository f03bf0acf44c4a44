/*
 * imap: the dialogue with an IMAP server (RFC 9051, RFC 3501) over a link: what is asked, and what the
 * answers say. Fetching is pipelined: imap_fetch asks, imap_answer gives what came. All other commands wait
 * for their own answer; they are for when nothing else is on its way.
 *
 * Statuses of all functions: TEMP and FATAL as link.h says; BAD with the server's words: it refuses this
 * command, the connection goes on. BROKEN answers are LIMIT: the connection can't be used any more.
 */
#ifndef DMARCQ_MAILBOX_IMAP_H
#define DMARCQ_MAILBOX_IMAP_H

#include "base/stream.h"
#include "mailbox/account.h"
#include "mailbox/uids.h"

enum imap_capability {
	IMAP_ESEARCH = 1,    /* RFC 4731 */
	IMAP_UIDPLUS = 2,    /* RFC 4315 */
	IMAP_MOVE = 4,       /* RFC 6851 */
	IMAP_IDLE = 8,       /* RFC 2177 */
	IMAP_NAMESPACE = 16, /* RFC 2342 */
	IMAP_ACL = 32,       /* RFC 4314 */
};

enum {
	IMAP_SET = 500, /* UIDs of one command: their text stays below what servers take as a line; also the
			 * most that the setting batch takes */
	IMAP_FOLDER = 1024, /* bytes of the name of a folder as it is sent */
	IMAP_RIGHTS = 64,
};

struct imap;

/* Connects, logs in (secret.h, link.h) and asks what the server can. *imap is NULL on failure. */
enum status imap_open(struct imap **imap, const struct account *account, uint64_t spool_memory,
    bool (*stop)(void), struct err *err);
/* Closes without a word to the server, so that nothing is expunged. NULL is accepted. */
void imap_close(struct imap *imap);
/* Who is asked during waits from now on; NULL: what is begun goes on to its end, or to the time-out. */
void imap_stop(struct imap *imap, bool (*stop)(void));
/* Says good-bye. */
enum status imap_logout(struct imap *imap, struct err *err);
unsigned imap_capabilities(const struct imap *imap);
/* The code in [] of the last refusal, in capitals as "OVERQUOTA"; "" when there was none. */
const char *imap_code(const struct imap *imap);

struct imap_folder {
	uint32_t uid_validity; /* 0: the server has no lasting UIDs */
	uint32_t exists;       /* messages */
	bool read_only;
	bool keeps_all; /* the server says that no message can be marked as deleted */
	bool keywords;  /* it takes flags of one's own */
};

/*
 * Opens a folder (a name in UTF-8), for changes unless read_only says so (EXAMINE). A name that the server
 * does not have is tried below its personal namespace too: "INBOX.name". BAD: it refuses.
 */
enum status imap_select(struct imap *imap, const char *name, bool read_only, struct err *err);
/* The open folder, kept up to date by all that the server says. */
const struct imap_folder *imap_folder(const struct imap *imap);

/* Lets the server tell what came and went: until then it may list what is gone (RFC 2180 section 4). */
enum status imap_refresh(struct imap *imap, struct err *err);
/* The messages of the open folder that keys (RFC 9051 section 6.4.4) select; adds to found. */
enum status imap_search(struct imap *imap, const char *keys, struct uids *found, struct err *err);

enum imap_want { IMAP_WANT_SIZE, IMAP_WANT_BODY };
/* Asks for at most IMAP_SET messages. *tag names the command in the answers. Nothing gets the flag \Seen. */
enum status imap_fetch(struct imap *imap, uint32_t *tag, enum imap_want want, const uint32_t *uids,
    size_t count, struct err *err);

enum imap_kind {
	IMAP_SAYS,    /* something else that is noted */
	IMAP_HAS,     /* a message: uid, and what of size and body it came with */
	IMAP_DONE,    /* tag is done: it came to its end */
	IMAP_REFUSED, /* the server refuses tag: err says why */
};
struct imap_answer {
	enum imap_kind kind;
	uint32_t tag, uid;
	bool has_size, has_body, has_nothing; /* has_nothing: the server gives NIL for the body */
	uint64_t size;
	struct spool *body; /* borrowed; whoever keeps it puts an empty one in its place */
};
/*
 * The next answer. After a failure, answer->uid tells which message was being read, if that is known, else it
 * is 0.
 */
enum status imap_answer(struct imap *imap, struct imap_answer *answer, struct err *err);

/* For at most IMAP_SET messages of the open folder: those that are gone are left out silently. */
enum status imap_mark_seen(struct imap *imap, const uint32_t *uids, size_t count, struct err *err);
/* The keyword of a message that was copied and is to be expunged, where the folder takes keywords. */
#define IMAP_COPIED "DmarcqCopied"
/*
 * Moves them, with MOVE or else COPY, \Deleted and UID EXPUNGE. SKIP, err says why: they are there now, but
 * keep the flag \Deleted (and IMAP_COPIED), because the server has no way to expunge only these (neither MOVE
 * nor UIDPLUS) or refuses to. folder is as imap_find_folder gives it. BAD also before anything is done: it is
 * the open folder, or nothing can be deleted from that. *copied, whatever is returned: the server said that
 * all copies are there; what is left to do is imap_delete_copied.
 */
enum status imap_move(
    struct imap *imap, const uint32_t *uids, size_t count, const char *folder, bool *copied, struct err *err);
/* The second half of imap_move: \Deleted, IMAP_COPIED and UID EXPUNGE; SKIP as above. */
enum status imap_delete_copied(struct imap *imap, const uint32_t *uids, size_t count, struct err *err);
/* \Deleted and UID EXPUNGE; SKIP and BAD as above. */
enum status imap_delete(struct imap *imap, const uint32_t *uids, size_t count, struct err *err);

/*
 * The name of a folder (UTF-8) as it is sent: modified UTF-7, and below the personal namespace where it is
 * not there as it stands. *there: whether there is such a folder. make: it is made when there is none.
 */
enum status imap_find_folder(
    struct imap *imap, const char *name, bool make, char found[IMAP_FOLDER], bool *there, struct err *err);
/* How many messages are in a folder as imap_find_folder gives it, without opening it. */
enum status imap_count(struct imap *imap, const char *folder, uint32_t *messages, struct err *err);
/* The letters of what this user may do there (RFC 4314 section 2.1); for servers with IMAP_ACL. */
enum status imap_rights(struct imap *imap, const char *folder, char rights[IMAP_RIGHTS], struct err *err);

/*
 * Waiting for mail: idle begins it, wait comes back when something new is there (*news) or seconds are over,
 * done ends it, which must be within 29 minutes (RFC 2177). Other commands only behind done.
 */
enum status imap_idle(struct imap *imap, struct err *err);
enum status imap_idle_wait(struct imap *imap, bool *news, unsigned seconds, struct err *err);
enum status imap_idle_done(struct imap *imap, struct err *err);

/* All folders, by their names as they are sent; those that hold only folders, too. */
enum status imap_list(struct imap *imap, void (*take)(void *data, const char *name, bool holds_messages),
    void *data, struct err *err);

/* Modified UTF-7 to UTF-8; a name that is none stays as it is. */
void imap_decode_name(char to[IMAP_FOLDER], const char *name);
/* UTF-8 to modified UTF-7 (RFC 3501 section 5.1.3). False: it is not UTF-8, or too long. */
bool imap_encode_name(char to[IMAP_FOLDER], const char *name);

#endif
