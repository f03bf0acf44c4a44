/*
 * secret: passwords and tokens from where people keep them: a file, a credential of systemd, the environment;
 * what a command prints is read by command.c. A new place is a case in secret_get.
 */
#include "mailbox/secret.h"

#include "base/mem.h"
#include "base/text.h"
#include "mailbox/command.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { INPUT_BYTES = SECRET_BYTES + 2 /* its line end */ };

/* The first line of what was read becomes the secret; BAD with the reason. */
static enum status
take_line(struct secret *secret, const char *bytes, size_t len, struct err *err)
{
	const char *end = memchr(bytes, '\n', len);
	size_t line = end == NULL ? len : (size_t)(end - bytes);

	if (line > 0 && bytes[line - 1] == '\r')
		line--;
	if (line == 0)
		return err_set(err, BAD, "the first line is empty");
	if (line > SECRET_BYTES)
		return err_set(err, BAD, "the first line is longer than %d bytes", SECRET_BYTES);
	if (memchr(bytes, '\0', line) != NULL)
		return err_set(err, BAD, "a NUL byte stands in the first line");
	secret->text = mem_copy_n(bytes, line);
	return OK;
}

static enum status
stop_as(struct err *err, enum exit_code exit_code)
{
	err->status = FATAL;
	err->exit_code = exit_code;
	return FATAL;
}

static enum status
read_first_line(struct secret *secret, int fd, struct err *err)
{
	char *bytes = mem_zero(1, INPUT_BYTES);
	enum status status;
	size_t len = 0;
	ssize_t n;

	do {
		n = read(fd, bytes + len, INPUT_BYTES - len);
		if (n > 0)
			len += (size_t)n;
	} while ((n > 0 && len < INPUT_BYTES) || (n < 0 && errno == EINTR));
	if (n < 0)
		status = err_set(err, BAD, "%s", strerror(errno));
	else
		status = take_line(secret, bytes, len, err);
	explicit_bzero(bytes, INPUT_BYTES);
	free(bytes);
	return status == OK ? OK : stop_as(err, EXIT_CODE_CONFIG);
}

/* A file that everybody may read holds no secret. A group may: the one of the service. */
static enum status
check_mode(int fd, struct err *err)
{
	struct stat about;

	if (fstat(fd, &about) != 0)
		return err_stop(err, EXIT_CODE_CONFIG, "%s", strerror(errno));
	if (S_ISREG(about.st_mode) && (about.st_mode & (S_IROTH | S_IWOTH)) != 0)
		return err_stop(err, EXIT_CODE_PERMISSION,
		    "mode %04o: everybody may %s it; chmod o-rwx, then change the password",
		    (unsigned)(about.st_mode & 07777), (about.st_mode & S_IROTH) != 0 ? "read" : "write");
	return OK;
}

static enum status
from_file(struct secret *secret, const char *path, struct err *err)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	enum status status;

	if (fd < 0) {
		(void)err_stop(err,
		    errno == EACCES || errno == EPERM ? EXIT_CODE_PERMISSION : EXIT_CODE_CONFIG, "%s",
		    strerror(errno));
		return err_at(err, "%s", path);
	}
	status = check_mode(fd, err);
	if (status == OK)
		status = read_first_line(secret, fd, err);
	(void)close(fd);
	return status == OK ? OK : err_at(err, "%s", path);
}

/* The folder of the service's credentials is its own; systemd makes it (systemd.exec(5)). */
static enum status
from_credential(struct secret *secret, const char *name, struct err *err)
{
	const char *folder = getenv("CREDENTIALS_DIRECTORY");
	char path[4096];

	if (folder == NULL || folder[0] != '/')
		return err_stop(err, EXIT_CODE_CONFIG,
		    "credential %s: only systemd hands it out, to a unit with LoadCredential=%s:FILE", name,
		    name);
	if ((size_t)snprintf(path, sizeof path, "%s/%s", folder, name) >= sizeof path)
		return err_stop(err, EXIT_CODE_CONFIG, "credential %s: too long a name", name);
	return from_file(secret, path, err);
}

static enum status
from_command(struct secret *secret, const char *setting, const char *command, struct err *err)
{
	char *bytes = mem_zero(1, INPUT_BYTES);
	enum status status;
	size_t len = 0;

	status = command_output(bytes, INPUT_BYTES, &len, command, SECRET_SECONDS, err);
	if (status == OK && take_line(secret, bytes, len, err) != OK)
		status = stop_as(err, EXIT_CODE_CONFIG);
	explicit_bzero(bytes, INPUT_BYTES);
	free(bytes);
	/* Not the command itself: there may be a secret in it. */
	return status == OK ? OK : err_at(err, "%s", setting);
}

static bool
has_credential(const char *name)
{
	const char *folder = getenv("CREDENTIALS_DIRECTORY");
	char path[4096];

	return folder != NULL && folder[0] == '/' &&
	       (size_t)snprintf(path, sizeof path, "%s/%s", folder, name) < sizeof path &&
	       access(path, F_OK) == 0;
}

enum status
secret_get(struct secret *secret, const struct account *account, struct err *err)
{
	static const char common[] = "dmarcq-password";
	const char *text = getenv("DMARCQ_PASSWORD");

	*secret = (struct secret){NULL, account->token_command != NULL};
	if (account->password_file != NULL)
		return from_file(secret, account->password_file, err);
	if (account->password_command != NULL)
		return from_command(secret, "password-command", account->password_command, err);
	if (account->credential != NULL)
		return from_credential(secret, account->credential, err);
	if (account->token_command != NULL)
		return from_command(secret, "oauth2-token-command", account->token_command, err);
	if (has_credential(common))
		return from_credential(secret, common, err);
	if (text == NULL || text[0] == '\0')
		return err_stop(err, EXIT_CODE_CONFIG,
		    "no password: neither password-file, password-command, credential nor "
		    "oauth2-token-command is set, and $DMARCQ_PASSWORD is empty");
	if (take_line(secret, text, strlen(text), err) == OK)
		return OK;
	(void)stop_as(err, EXIT_CODE_CONFIG);
	return err_at(err, "$DMARCQ_PASSWORD");
}

void
secret_free(struct secret *secret)
{
	if (secret->text != NULL)
		explicit_bzero(secret->text, strlen(secret->text));
	free(secret->text);
	secret->text = NULL;
}
