/* err: the one way in which a failure travels from where it is seen to where it is told. */
#include "base/err.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

__attribute__((format(printf, 4, 0))) static void
err_text(struct err *err, enum status status, enum exit_code exit_code, const char *format, va_list args)
{
	err->status = status;
	err->exit_code = exit_code;
	err->where[0] = '\0';
	(void)vsnprintf(err->what, sizeof err->what, format, args);
}

enum status
err_set(struct err *err, enum status status, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	err_text(err, status, EXIT_CODE_FOUND, format, args);
	va_end(args);
	return status;
}

enum status
err_stop(struct err *err, enum exit_code exit_code, const char *format, ...)
{
	enum status status = exit_code == EXIT_CODE_TEMPORARY ? TEMP : FATAL;
	va_list args;

	va_start(args, format);
	err_text(err, status, exit_code, format, args);
	va_end(args);
	return status;
}

enum status
err_at(struct err *err, const char *format, ...)
{
	char inner[sizeof err->where];
	va_list args;
	size_t used;

	memcpy(inner, err->where, sizeof inner);
	va_start(args, format);
	(void)vsnprintf(err->where, sizeof err->where, format, args);
	va_end(args);
	used = strlen(err->where);
	if (inner[0] != '\0')
		(void)snprintf(err->where + used, sizeof err->where - used, ": %s", inner);
	return err->status;
}

const char *
status_word(enum status status)
{
	static const char *const word[] = {"ok", "skip", "bad", "limit", "temp", "fatal"};

	return word[status];
}
