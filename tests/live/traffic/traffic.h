/* SPDX-License-Identifier: MIT */
/*
 * traffic: small TCP loads for the live tests and scripts/try. One command per function; argv[0]
 * is the command's name. Every command ends by itself within TRAFFIC_MAX_SECONDS.
 */
#pragma once

#include <netinet/in.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/socket.h>

#define TRAFFIC_MAX_SECONDS 600
/* The first bytes that a client sends: the size of its requests in decimal, or TRAFFIC_BULK for
 * data without answers. */
#define TRAFFIC_HEAD_LEN 8
#define TRAFFIC_BULK	 "bulk    "

/* Client commands. */
int bulk_main(int argc, char **argv);
int ask_main(int argc, char **argv);
int conn_main(int argc, char **argv);
int reset_main(int argc, char **argv);
/* Odd clients. */
int tfo_main(int argc, char **argv);
int nag_main(int argc, char **argv);
/* Servers: two well-behaved ones, then the rude ones. */
int sink_main(int argc, char **argv);
int pour_main(int argc, char **argv);
int slam_main(int argc, char **argv);
int deaf_main(int argc, char **argv);
int sip_main(int argc, char **argv);
/* Loads. */
int storm_main(int argc, char **argv);
int churn_main(int argc, char **argv);
int mill_main(int argc, char **argv);
int spin_main(int argc, char **argv);

/* Parses a numeric host. Ends the program if it is neither IPv4 nor IPv6. */
socklen_t address_of(const char *host, int port, struct sockaddr_storage *ret);
/* Parses argv[i], which must be a number to its end; `otherwise` if i is beyond argc. */
long number_at(int argc, char **argv, int i, long otherwise);
/* Returns a connected socket, or -1. The environment variable TRAFFIC_FROM names the source
 * address, if it is set. */
int connect_to(const struct sockaddr_storage *sa, socklen_t len);
int64_t clock_ns(void); /* CLOCK_MONOTONIC */
_Noreturn void die(const char *what);
/* Accepts connections of the listener, reads and answers their requests, forever. */
_Noreturn void serve(int listener);
int listen_on(const char *host, int port);
/* Forks a background process, prints its pid and nothing else, and returns in it. A caller that
 * waits for the output continues when the process is ready. */
void go_background(void);
