/* err: what went wrong, where, and what the caller does next. */
#ifndef DMARCQ_BASE_ERR_H
#define DMARCQ_BASE_ERR_H

/* In order of damage: each value says what the caller does next. */
enum status {
	OK,    /* done */
	SKIP,  /* not ours: nothing is lost by leaving it alone */
	BAD,   /* this item is rejected, the rest goes on */
	LIMIT, /* this item is too big for a limit of limits.h, the rest goes on */
	TEMP,  /* try again later */
	FATAL, /* stop */
};

/* Exit codes of the program (sysexits.h numbers); an error that stops the run carries one of them. */
enum exit_code {
	EXIT_CODE_OK = 0,
	EXIT_CODE_FOUND = 1,        /* done, but something was rejected or a check found a problem */
	EXIT_CODE_BACK = 2,         /* done, but advise says that a policy is to be taken back */
	EXIT_CODE_USAGE = 64,       /* the command line is wrong */
	EXIT_CODE_DATA = 65,        /* nothing usable in the input */
	EXIT_CODE_UNAVAILABLE = 69, /* a service is unavailable */
	EXIT_CODE_MEMORY = 71,      /* out of memory */
	EXIT_CODE_IO = 74,          /* cannot write */
	EXIT_CODE_TEMPORARY = 75,   /* run it again */
	EXIT_CODE_PERMISSION = 77,  /* not allowed, login refused */
	EXIT_CODE_CONFIG = 78,      /* configuration */
};

/*
 * One error. Set once where it is detected (err_set); each layer that knows a place puts it in front
 * (err_at); the command line prints "where: what". Texts are cut at their size, never overrun. Text from
 * outside may be inside: whoever prints it escapes it.
 */
struct err {
	enum status status;
	enum exit_code exit_code; /* for TEMP and FATAL */
	char where[512];
	char what[512];
};

/* Sets status and text, forgets any place; returns status, so that "return err_set(...)" reads well. */
enum status err_set(struct err *err, enum status status, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* The same for an error that stops the run: status FATAL (or TEMP for EXIT_CODE_TEMPORARY) with its exit
 * code. */
enum status err_stop(struct err *err, enum exit_code exit_code, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Puts a place in front of those known so far: "outer: inner". Returns the status. */
enum status err_at(struct err *err, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* The word for a status as it stands in the reject list: "ok", "skip", "bad", "limit", "temp", "fatal". */
const char *status_word(enum status status);

#endif
