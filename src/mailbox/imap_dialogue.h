/* imap_dialogue: what the parts of the IMAP dialogue share; private to this folder. */
#ifndef DMARCQ_MAILBOX_IMAP_DIALOGUE_H
#define DMARCQ_MAILBOX_IMAP_DIALOGUE_H

#include "mailbox/imap.h"
#include "mailbox/imap_read.h"
#include "mailbox/link.h"

enum { CODE = 32, SAID = 200, COMMAND = 8000 };

/* What the server told of folders: filled by untagged answers, emptied by whoever asks. */
struct imap_told {
	char name[IMAP_FOLDER]; /* that is asked for; LIST answers of others don't count */
	bool listed, has_namespace;
	void (*take)(void *data, const char *name, bool holds_messages); /* each folder; NULL: nobody asked */
	void *data;
	char prefix[128], delimiter; /* '\0': folders have no levels */
	uint32_t messages;
	char rights[IMAP_RIGHTS];
};

struct imap {
	struct link *link;
	struct imap_reader reader;
	uint64_t spool_memory;
	uint32_t tag; /* of the last command */
	unsigned capabilities;
	struct imap_folder folder;
	char open[IMAP_FOLDER]; /* its name as it was sent */
	struct uids *found;     /* where numbers of SEARCH go; NULL: nobody asked */
	struct imap_told told;
	struct spool body;
	char code[CODE], said[SAID]; /* of the last status answer */
	bool goes_on, leaving;       /* goes_on: "+" came; leaving: BYE is expected */
	uint32_t arrived;            /* EXISTS since the folder was opened */
	bool asked_namespace;
};

/* Sends a command without its tag and line end. BAD: it is longer than COMMAND. */
enum status imap_send(struct imap *imap, uint32_t *tag, struct err *err, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
/* Reads answers up to the end of the command. BAD: refused, with the server's words. */
enum status imap_await(struct imap *imap, uint32_t tag, struct err *err);
/* Both. what: the command for people. */
enum status imap_ask(struct imap *imap, struct err *err, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* The rest of "OK [CODE] text": notes the code and what was said. */
enum status imap_condition(struct imap *imap, struct err *err);
/* An untagged answer behind its first word, up to its end; answer: what of it is for the asker. */
enum status imap_untagged(struct imap *imap, struct imap_answer *answer, struct err *err);
/* A name as a quoted string. False: it has a line end or is too long. */
bool imap_quote(char *to, size_t size, const char *text);

#endif
