/*
 * pop3: the mails of a mailbox on a POP3 server. What was dealt with is known by its unique id and not
 * fetched again; without unique ids everything is fetched each time. What is to go is deleted at the end,
 * when all of it is committed: a connection that breaks before that leaves it for the next run.
 */
#include "mailbox/pop3.h"

#include "base/digest.h"
#include "base/mem.h"
#include "source/driver.h"

#include <inttypes.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { UIDL_SEED = 0, NAME_TEXT = 96 /* a unique id has 70 bytes at most */ };

struct pop3_mailbox {
	struct source source;
	const struct account *account;
	struct source_options options;
	struct pop3 *pop3; /* NULL: not connected, or not any more */
	bool tried;
	size_t at; /* the next mail to ask for */
	/* Asked for and not read yet, a ring. */
	const struct pop3_mail **asked;
	size_t asked_cap, asked_first, asked_count;
	_Atomic uint64_t left;    /* mails that are not known to be dealt with */
	pthread_mutex_t settling; /* what follows */
	uint64_t *out;            /* numbers of mails to be deleted */
	size_t out_count, out_cap;
};

static struct pop3_mailbox *
mailbox_of(struct source *source)
{
	return (struct pop3_mailbox *)source;
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
	mailbox->account = options->account;
	mailbox->options = *options;
	(void)pthread_mutex_init(&mailbox->settling, NULL);
	*source = &mailbox->source;
	return OK;
}

static enum status
connect_now(struct pop3_mailbox *mailbox, struct err *err)
{
	enum status status;

	mailbox->tried = true;
	status = pop3_open(&mailbox->pop3, mailbox->account, mailbox->options.stop, err);
	if (status != OK)
		return err_at(err, "%s", mailbox->account->url);
	mailbox->left = pop3_count(mailbox->pop3);
	mailbox->asked_cap = pop3_ahead(mailbox->pop3);
	mailbox->asked = mem_zero(mailbox->asked_cap, sizeof *mailbox->asked);
	return OK;
}

/* The mail for people: its unique id is what stays the same. */
static enum status
at_mail(const struct pop3_mailbox *mailbox, const struct pop3_mail *mail, struct err *err)
{
	if (mail->uid.data == NULL)
		return err_at(err, "%s;message %" PRIu64, mailbox->account->url, mail->number);
	return err_at(err, "%s;UIDL=%.*s", mailbox->account->url, (int)mail->uid.len, mail->uid.data);
}

static void
name_of(char *to, size_t size, const struct pop3_mail *mail)
{
	if (mail->uid.data == NULL)
		(void)snprintf(to, size, "message %" PRIu64, mail->number);
	else
		(void)snprintf(to, size, "%.*s", (int)mail->uid.len, mail->uid.data);
}

static uint64_t
inode_of(const struct pop3_mail *mail)
{
	return mail->uid.data == NULL ? 0 : hash64(mail->uid.data, mail->uid.len, UIDL_SEED) & INT64_MAX;
}

static bool
goes(const struct pop3_mailbox *mailbox, enum fate fate)
{
	return fate == FATE_STORED && mailbox->account->after == AFTER_DELETE;
}

static void
let_go(struct pop3_mailbox *mailbox, uint64_t number)
{
	(void)pthread_mutex_lock(&mailbox->settling);
	if (mailbox->out_count == mailbox->out_cap) {
		mailbox->out_cap = mailbox->out_cap == 0 ? 256 : mailbox->out_cap * 2;
		mailbox->out = mem_grow(mailbox->out, mailbox->out_cap * sizeof *mailbox->out);
	}
	mailbox->out[mailbox->out_count++] = number;
	(void)pthread_mutex_unlock(&mailbox->settling);
}

/* Whether an earlier run dealt with it; then nothing is fetched, and what is left to do is taken down. */
static enum status
is_known(bool *known, struct pop3_mailbox *mailbox, const struct pop3_mail *mail, struct err *err)
{
	const struct known *asks = mailbox->options.known;
	char name[NAME_TEXT];
	enum fate fate = FATE_NEW;
	enum status status = OK;

	name_of(name, sizeof name, mail);
	if (mail->uid.data != NULL && asks != NULL)
		status = asks->find(asks->data, &fate, mailbox->account->url, name, inode_of(mail), err);
	*known = fate != FATE_NEW;
	if (!*known)
		return status;
	mailbox->source.unchanged++;
	mailbox->left--;
	if (goes(mailbox, fate))
		let_go(mailbox, mail->number);
	return status;
}

static enum status
check_size(const struct pop3_mailbox *mailbox, const struct pop3_mail *mail, struct err *err)
{
	if (mail->size <= mailbox->account->max_message)
		return OK;
	(void)err_set(err, LIMIT, "%" PRIu64 " bytes, more than max-message allows (%" PRIu64 ")", mail->size,
	    mailbox->account->max_message);
	return at_mail(mailbox, mail, err);
}

/* Asks for as many mails as may be on their way. LIMIT: the next one is too long and is passed over. */
static enum status
ask_ahead(struct pop3_mailbox *mailbox, struct err *err)
{
	const struct pop3_mail *mail;
	enum status status = OK;
	bool known;

	/* By halves: many requests go in one packet. */
	if (mailbox->asked_count > mailbox->asked_cap / 2)
		return OK;
	while (mailbox->asked_count < mailbox->asked_cap &&
	       (mail = pop3_mail(mailbox->pop3, mailbox->at)) != NULL) {
		mailbox->at++;
		status = is_known(&known, mailbox, mail, err);
		if (status == OK && !known)
			status = check_size(mailbox, mail, err);
		if (status == OK && !known)
			status = pop3_ask(mailbox->pop3, mail, err);
		if (status != OK)
			return status;
		if (!known)
			mailbox->asked[(mailbox->asked_first + mailbox->asked_count++) % mailbox->asked_cap] =
			    mail;
	}
	return OK;
}

static struct item *
item_of(struct pop3_mailbox *mailbox, const struct pop3_mail *mail)
{
	char name[NAME_TEXT], path[1024];
	struct item *item;

	name_of(name, sizeof name, mail);
	(void)snprintf(
	    path, sizeof path, "%s;%s%s", mailbox->account->url, mail->uid.data == NULL ? "" : "UIDL=", name);
	item = item_new(&mailbox->source, mailbox->account->url, name, path, NULL);
	item->inode = inode_of(mail);
	item->remember = mail->uid.data != NULL;
	item->on_server = true;
	item->number = mail->number;
	return item;
}

static enum status
read_one(struct pop3_mailbox *mailbox, struct item **out, struct err *err)
{
	const struct pop3_mail *mail = mailbox->asked[mailbox->asked_first];
	const struct limits *limits = mailbox->options.limits;
	uint64_t max = mailbox->account->max_message;
	struct item *item = item_of(mailbox, mail);
	enum status status;

	mailbox->asked_first = (mailbox->asked_first + 1) % mailbox->asked_cap;
	mailbox->asked_count--;
	if (max > limits->input_bytes)
		max = limits->input_bytes;
	status = pop3_read(mailbox->pop3, &item->bytes, (size_t)limits->spool_memory, max, err);
	item->size = item->bytes.len;
	if (status == OK) {
		*out = item;
		return OK;
	}
	item_free(item);
	return at_mail(mailbox, mail, err);
}

/* The connection can't be gone on with: everything that was committed is known to the next run. */
static enum status
give_up(struct pop3_mailbox *mailbox, enum status status)
{
	pop3_close(mailbox->pop3);
	mailbox->pop3 = NULL;
	return status;
}

static enum status
pop3_next(struct source *source, struct item **item, struct err *err)
{
	struct pop3_mailbox *mailbox = mailbox_of(source);
	enum status status = OK;

	if (!mailbox->tried)
		status = connect_now(mailbox, err);
	if (status == OK && mailbox->pop3 == NULL)
		return SKIP;
	if (status == OK)
		status = ask_ahead(mailbox, err);
	if (status == OK && mailbox->asked_count == 0)
		return SKIP;
	if (status == OK)
		status = read_one(mailbox, item, err);
	return status >= TEMP ? give_up(mailbox, status) : status;
}

static enum status
pop3_settle(struct source *source, const struct item *item, enum fate fate, struct err *err)
{
	struct pop3_mailbox *mailbox = mailbox_of(source);

	(void)err;
	if (goes(mailbox, fate))
		let_go(mailbox, item->number);
	return OK;
}

/*
 * Answers that are still on their way would stand before that to QUIT, and who was told to stop waits for
 * nobody: such a connection is only closed, and the next run deletes what is known.
 */
static enum status
pop3_finish(struct source *source, struct err *err)
{
	struct pop3_mailbox *mailbox = mailbox_of(source);
	bool stopped = mailbox->options.stop != NULL && mailbox->options.stop();
	enum status status = OK;

	if (mailbox->pop3 != NULL && mailbox->asked_count == 0 && !stopped)
		status = pop3_quit(mailbox->pop3, mailbox->out, mailbox->out_count, err);
	pop3_close(mailbox->pop3);
	mailbox->pop3 = NULL;
	return status == OK ? OK : err_at(err, "%s", mailbox->account->url);
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
	free(mailbox->asked);
	free(mailbox->out);
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
