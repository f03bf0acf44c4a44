/*
 * measure: runs a command and writes what it cost to a file: wall seconds, CPU seconds (user and system) and
 * peak memory in KiB. A program of its own because a child's peak counts from the fork: that of a large
 * parent would hide it.
 *
 *     measure FILE COMMAND ARGS...     exits as the command does
 */
#include <stdio.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static double
seconds(struct timeval t)
{
	return (double)t.tv_sec + (double)t.tv_usec / 1e6;
}

int
main(int argc, char **argv)
{
	struct timespec begin, end;
	struct rusage usage;
	FILE *out;
	pid_t pid;
	int status;

	if (argc < 3)
		return 64;
	clock_gettime(CLOCK_MONOTONIC, &begin);
	if ((pid = fork()) == 0) {
		execvp(argv[2], argv + 2);
		_exit(127);
	}
	if (pid < 0 || wait4(pid, &status, 0, &usage) != pid)
		return 71;
	clock_gettime(CLOCK_MONOTONIC, &end);
	if ((out = fopen(argv[1], "w")) == NULL)
		return 74;
	fprintf(out, "%.6f %.6f %ld\n",
	    (double)(end.tv_sec - begin.tv_sec) + (double)(end.tv_nsec - begin.tv_nsec) / 1e9,
	    seconds(usage.ru_utime) + seconds(usage.ru_stime), usage.ru_maxrss);
	fclose(out);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
