/* mailboxes: mailboxes as people name them, by their section of the configuration or by a URL; private to
 * src/cli. */
#ifndef DMARCQ_CLI_MAILBOXES_H
#define DMARCQ_CLI_MAILBOXES_H

#include "cli/command.h"
#include "config/config.h"
#include "mailbox/account.h"

/* Notes what no setting of a [mailbox NAME] shows alone: no url, two ways to log in, folders with POP3. */
void mailboxes_check(struct config *config);
/* Notes files that are named and not there. Only for who looks at the configuration: other commands may not
 * need them. */
void mailboxes_check_files(struct config *config);

/*
 * The account of [mailbox NAME] of a configuration without mistakes; its texts are the arena's and the
 * configuration's. False: there is no such section.
 */
bool mailbox_find(
    struct account *account, struct arena *arena, const struct config *config, const char *name);

/*
 * The account of a URL on the command line, with what the options --password-file and --ca-file say. FATAL
 * with exit code 64 and the URL as its place, unless there is a password in it.
 */
enum status mailbox_of_url(struct account *account, struct arena *arena, const struct context *context,
    const char *text, struct err *err);

/* The sources of a run: texts, and for those that are mailboxes their accounts. */
struct sources {
	const char **texts;
	const struct account **accounts; /* NULL: a file, a folder, - */
	size_t count;
	struct arena arena;
};

enum sources_of { SOURCES_ANY, SOURCES_MAILBOXES, SOURCES_PROBED };
/*
 * The arguments as sources: each is a URL, the name of a mailbox of the configuration, or else a file;
 * SOURCES_MAILBOXES: only names; SOURCES_PROBED: any, and what --password-file and --ca-file say goes before
 * the configuration. None: all mailboxes of the configuration, in its order. FATAL with exit code 64 when
 * there are none either, or a name is none. Tells of connections that are not encrypted. sources_free is due
 * in any case.
 */
enum status sources_choose(
    struct sources *sources, const struct context *context, enum sources_of of, struct err *err);
void sources_free(struct sources *sources);
/*
 * What failed at a mailbox of the configuration gets its name in front, and behind it what happens now (then;
 * NULL: nothing) and what looks into it. Other errors stay as they are.
 */
void sources_name(const struct sources *sources, const char *then, struct err *err);

#endif
