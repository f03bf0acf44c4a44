/*
 * pop3: the mails of a mailbox on a POP3 server. What was dealt with and stays is known by its unique id and
 * not fetched again; without unique ids everything is fetched each time. What is to go is deleted at the end,
 * when all of it is committed. A connection that breaks is made again, with pauses; numbers of mails hold in
 * one connection only, so mails are found again by their unique ids.
 */
#include "mailbox/pop3.h"

#include "base/digest.h"
#include "base/mem.h"
#include "mailbox/watch.h"
#include "source/driver.h"

#include <inttypes.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	UIDL_SEED = 0,  /* the hash stands in databases */
	NAME_TEXT = 96, /* a unique id has 70 bytes at most */
	TRIES = 4,      /* without a mail that was read; the pauses between them are 1, 2 and 4 seconds */
};

/* Names of mails. */
struct names {
	char **texts;
	size_t count, cap;
};

struct pop3_mailbox {
	struct source source;
	const struct account *account;
	struct source_options options;
	struct pop3 *pop3;  /* NULL: not connected */
	bool ended, failed; /* nothing more comes; because the server can't be spoken to */
	bool anew;          /* this is not the first connection */
	unsigned tries;
	size_t at; /* the next mail to ask for */
	/* Asked for and not read yet, a ring. */
	const struct pop3_mail **asked;
	size_t asked_cap, asked_first, asked_count;
	struct names passed;   /* mails with unique ids that were dealt with in this run, sorted when anew */
	size_t passed_sorted;  /* how many of them */
	_Atomic uint64_t left; /* mails that are not known to be dealt with */
	pthread_mutex_t settling; /* what follows */
	struct names out;         /* to be deleted */
};

static struct pop3_mailbox *
mailbox_of(struct source *source)
{
	return (struct pop3_mailbox *)source;
}

static void
names_add(struct names *names, const char *text)
{
	if (names->count == names->cap) {
		names->cap = names->cap == 0 ? 256 : names->cap * 2;
		names->texts = mem_grow(names->texts, names->cap * sizeof *names->texts);
	}
	names->texts[names->count++] = mem_copy(text);
}

static int
by_text(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static void
names_sort(struct names *names)
{
	if (names->count > 1)
		qsort(names->texts, names->count, sizeof *names->texts, by_text);
}

static bool
names_have(const struct names *names, size_t sorted, const char *text)
{
	return sorted > 0 && bsearch(&text, names->texts, sorted, sizeof *names->texts, by_text) != NULL;
}

static void
names_free(struct names *names)
{
	size_t i;

	for (i = 0; i < names->count; i++)
		free(names->texts[i]);
	free(names->texts);
}

static void
name_of(char to[NAME_TEXT], const struct pop3_mail *mail)
{
	if (mail->uid.data == NULL)
		(void)snprintf(to, NAME_TEXT, "message %" PRIu64, mail->number);
	else
		(void)snprintf(to, NAME_TEXT, "%.*s", (int)mail->uid.len, mail->uid.data);
}

static bool
pop3_takes(const char *text, const struct account *account)
{
	(void)text;
	return account != NULL && account->protocol == ACCOUNT_POP3;
}

static enum status
pop3_source_open(
    struct source **source, const char *text, const struct source_options *options, struct err *err)
{
	struct pop3_mailbox *mailbox = mem_zero(1, sizeof *mailbox);

	(void)text;
	(void)err;
	mailbox->source.class = &pop3_source;
	mailbox->source.place = options->account->url;
	mailbox->account = options->account;
	mailbox->options = *options;
	(void)pthread_mutex_init(&mailbox->settling, NULL);
	*source = &mailbox->source;
	return OK;
}

static bool
never(void)
{
	return false;
}

static bool
stopped(const struct pop3_mailbox *mailbox)
{
	return mailbox->options.stop != NULL && mailbox->options.stop();
}

static void
disconnect(struct pop3_mailbox *mailbox)
{
	mailbox->anew = mailbox->anew || mailbox->pop3 != NULL;
	pop3_close(mailbox->pop3);
	mailbox->pop3 = NULL;
	mailbox->asked_count = 0;
}

static enum status
connect_now(struct pop3_mailbox *mailbox, struct err *err)
{
	enum status status;

	if (mailbox->pop3 != NULL)
		return OK;
	status = pop3_open(&mailbox->pop3, mailbox->account, mailbox->options.stop, err);
	if (status != OK)
		return err_at(err, "%s", mailbox->account->url);
	mailbox->at = 0;
	mailbox->left = pop3_count(mailbox->pop3);
	mailbox->asked_cap = pop3_ahead(mailbox->pop3);
	mailbox->asked = mem_grow(mailbox->asked, mailbox->asked_cap * sizeof *mailbox->asked);
	names_sort(&mailbox->passed);
	mailbox->passed_sorted = mailbox->passed.count;
	return OK;
}

/* Whether it is worth another try; makes the pause before it. */
static bool
tries_again(struct pop3_mailbox *mailbox, enum status status)
{
	bool (*stop)(void) = mailbox->options.stop != NULL ? mailbox->options.stop : never;
	bool can = mailbox->pop3 == NULL || pop3_has_uids(mailbox->pop3), jumped;

	disconnect(mailbox);
	if (status != TEMP || !can || ++mailbox->tries >= TRIES)
		return false;
	return !watch_sleep(1U << (mailbox->tries - 1), stop, &jumped);
}

static uint64_t
inode_of(const struct pop3_mail *mail)
{
	return mail->uid.data == NULL ? 0 : hash64(mail->uid.data, mail->uid.len, UIDL_SEED) & INT64_MAX;
}

/* What stands before the name for people: a unique id has no blank. */
static const char *
kind_of(const char *name)
{
	return strchr(name, ' ') == NULL ? "UIDL=" : "";
}

static enum status
at_mail(const struct pop3_mailbox *mailbox, const char *name, struct err *err)
{
	return err_at(err, "%s;%s%s", mailbox->account->url, kind_of(name), name);
}

static void
let_go(struct pop3_mailbox *mailbox, const char *name, enum fate fate)
{
	if (fate != FATE_STORED || mailbox->account->after != AFTER_DELETE)
		return;
	(void)pthread_mutex_lock(&mailbox->settling);
	names_add(&mailbox->out, name);
	(void)pthread_mutex_unlock(&mailbox->settling);
}

static uint64_t
most_bytes(const struct pop3_mailbox *mailbox)
{
	uint64_t account = mailbox->account->max_message, limit = mailbox->options.limits->input_bytes;

	return account < limit ? account : limit;
}

/*
 * What becomes of a mail before it is fetched: OK: it is to be; SKIP: it is dealt with; LIMIT: too long. One
 * that is to be deleted is fetched in the same run, whatever is known of its unique id: a server may give the
 * id of a mail that is gone to a new one (RFC 1939 section 7), and nobody would have read that.
 */
static enum status
look_at(struct pop3_mailbox *mailbox, const struct pop3_mail *mail, const char *name, struct err *err)
{
	const struct known *asks = mailbox->options.known;
	enum fate fate = FATE_NEW;
	enum status status = OK;

	if (mail->uid.data != NULL && asks != NULL)
		status = asks->find(asks->data, &fate, mailbox->account->url, name, inode_of(mail), err);
	if (status != OK)
		return status;
	if (fate != FATE_NEW && (fate != FATE_STORED || mailbox->account->after != AFTER_DELETE)) {
		mailbox->source.unchanged++;
		return SKIP;
	}
	if (mail->size <= most_bytes(mailbox))
		return OK;
	(void)err_set(err, LIMIT, "%" PRIu64 " bytes, more than %s allows (%" PRIu64 ")", mail->size,
	    most_bytes(mailbox) == mailbox->account->max_message ? "max-message" : "the limit input-bytes",
	    most_bytes(mailbox));
	return at_mail(mailbox, name, err);
}

/* The next mail of the list. SKIP: nothing is to be fetched. */
static enum status
ask_next(struct pop3_mailbox *mailbox, const struct pop3_mail *mail, struct err *err)
{
	char name[NAME_TEXT];
	enum status status;

	name_of(name, mail);
	mailbox->at++;
	mailbox->left--;
	if (mail->uid.data != NULL && names_have(&mailbox->passed, mailbox->passed_sorted, name))
		return SKIP;
	status = look_at(mailbox, mail, name, err);
	if (mail->uid.data != NULL && (status == SKIP || status == LIMIT))
		names_add(&mailbox->passed, name);
	if (status != OK)
		return status;
	mailbox->left++;
	status = pop3_ask(mailbox->pop3, mail, err);
	if (status == OK)
		mailbox->asked[(mailbox->asked_first + mailbox->asked_count++) % mailbox->asked_cap] = mail;
	return status;
}

/* Asks for as many mails as may be on their way, by halves: many requests go in one packet. */
static enum status
ask_ahead(struct pop3_mailbox *mailbox, struct err *err)
{
	const struct pop3_mail *mail;
	enum status status = OK;

	if (mailbox->asked_count == 0)
		mailbox->asked_first = 0;
	if (mailbox->asked_count > mailbox->asked_cap / 2)
		return OK;
	while (status <= SKIP && mailbox->asked_count < mailbox->asked_cap &&
	       (mail = pop3_mail(mailbox->pop3, mailbox->at)) != NULL)
		status = ask_next(mailbox, mail, err);
	return status == SKIP ? OK : status;
}

static struct item *
item_of(struct pop3_mailbox *mailbox, const struct pop3_mail *mail, const char *name)
{
	char path[1024];
	struct item *item;

	(void)snprintf(path, sizeof path, "%s;%s%s", mailbox->account->url, kind_of(name), name);
	item = item_new(&mailbox->source, mailbox->account->url, name, path, NULL);
	item->inode = inode_of(mail);
	item->remember = mail->uid.data != NULL;
	item->on_server = true;
	return item;
}

static enum status
read_one(struct pop3_mailbox *mailbox, struct item **out, struct err *err)
{
	const struct pop3_mail *mail = mailbox->asked[mailbox->asked_first];
	char name[NAME_TEXT];
	struct item *item;
	enum status status;

	name_of(name, mail);
	item = item_of(mailbox, mail, name);
	status = pop3_read(mailbox->pop3, &item->bytes, (size_t)mailbox->options.limits->spool_memory,
	    most_bytes(mailbox), err);
	item->size = item->bytes.len;
	if (status < TEMP) {
		mailbox->asked_first = (mailbox->asked_first + 1) % mailbox->asked_cap;
		mailbox->asked_count--;
		mailbox->tries = 0;
	}
	if (status < TEMP && mail->uid.data != NULL)
		names_add(&mailbox->passed, name);
	if (status == OK) {
		*out = item;
		return OK;
	}
	item_free(item);
	return at_mail(mailbox, name, err);
}

/* An item. SKIP: there is nothing left. */
static enum status
step(struct pop3_mailbox *mailbox, struct item **item, struct err *err)
{
	enum status status = connect_now(mailbox, err);

	if (status != OK)
		return status;
	status = ask_ahead(mailbox, err);
	if (status >= TEMP)
		return err_at(err, "%s", mailbox->account->url);
	if (status != OK)
		return status;
	return mailbox->asked_count == 0 ? SKIP : read_one(mailbox, item, err);
}

static enum status
pop3_next(struct source *source, struct item **item, struct err *err)
{
	struct pop3_mailbox *mailbox = mailbox_of(source);
	enum status status;

	while (!mailbox->ended && !stopped(mailbox)) {
		status = step(mailbox, item, err);
		if (status != SKIP && status < TEMP)
			return status;
		mailbox->ended = status == SKIP;
		if (status == SKIP || stopped(mailbox) || tries_again(mailbox, status))
			continue;
		mailbox->ended = mailbox->failed = true;
		return stopped(mailbox) ? SKIP : status;
	}
	return SKIP;
}

static enum status
pop3_settle(struct source *source, const struct item *item, enum fate fate, struct err *err)
{
	(void)err;
	let_go(mailbox_of(source), item->name, fate);
	return OK;
}

/* The numbers, in this connection, of what is to go; freed by the caller. Without a unique id a mail can't be
 * found again in another connection, and stays. */
static uint64_t *
numbers_out(const struct pop3_mailbox *mailbox, size_t *count)
{
	uint64_t *numbers = mem_zero(mailbox->out.count, sizeof *numbers);
	const struct pop3_mail *mail;
	char name[NAME_TEXT];
	size_t i;

	*count = 0;
	for (i = 0; *count < mailbox->out.count && (mail = pop3_mail(mailbox->pop3, i)) != NULL; i++) {
		name_of(name, mail);
		if ((mail->uid.data != NULL || !mailbox->anew) &&
		    names_have(&mailbox->out, mailbox->out.count, name))
			numbers[(*count)++] = mail->number;
	}
	return numbers;
}

static enum status
delete_and_quit(struct pop3_mailbox *mailbox, struct err *err)
{
	enum status status = connect_now(mailbox, err);
	uint64_t *numbers;
	size_t count;

	if (status != OK)
		return status;
	numbers = numbers_out(mailbox, &count);
	status = pop3_quit(mailbox->pop3, numbers, count, err);
	free(numbers);
	return status == OK ? OK : err_at(err, "%s", mailbox->account->url);
}

/*
 * Answers that are still on their way would stand before that to QUIT, and who was told to stop waits for
 * nobody: such a connection is only closed, and the next run begins anew.
 */
static enum status
pop3_finish(struct source *source, struct err *err)
{
	struct pop3_mailbox *mailbox = mailbox_of(source);
	bool done =
	    mailbox->failed || mailbox->asked_count > 0 || (mailbox->pop3 == NULL && mailbox->out.count == 0);
	enum status status = OK;
	struct err refusal;

	names_sort(&mailbox->out);
	mailbox->tries = 0;
	while (!done && !stopped(mailbox)) {
		status = delete_and_quit(mailbox, err);
		done = status <= BAD || stopped(mailbox) || !tries_again(mailbox, status);
	}
	disconnect(mailbox);
	if (status == BAD) {
		refusal = *err;
		(void)err_stop(err, EXIT_CODE_TEMPORARY, "%s", refusal.what);
		return err_at(err, "%s", refusal.where);
	}
	return stopped(mailbox) ? OK : status;
}

static uint64_t
pop3_total(const struct source *source)
{
	return ((const struct pop3_mailbox *)source)->left;
}

static void
pop3_source_close(struct source *source)
{
	struct pop3_mailbox *mailbox = mailbox_of(source);

	pop3_close(mailbox->pop3);
	(void)pthread_mutex_destroy(&mailbox->settling);
	names_free(&mailbox->passed);
	names_free(&mailbox->out);
	free(mailbox->asked);
	free(mailbox);
}

const struct source_class pop3_source = {
    .name = "POP3",
    .takes = pop3_takes,
    .open = pop3_source_open,
    .next = pop3_next,
    .settle = pop3_settle,
    .finish = pop3_finish,
    .total = pop3_total,
    .close = pop3_source_close,
};
