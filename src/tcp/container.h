/* SPDX-License-Identifier: MIT */
/*
 * container: what the path of a control group says about who is in it: the container, the pod that
 * the container belongs to, and the systemd unit. Each container engine has its own form of path.
 */
#pragma once

#define CONTAINER_NAME_MAX 64u
#define CONTAINER_POD_MAX  40u

struct container {
	const char *engine; /* "docker", "containerd", "lxc", ...; NULL: none, or not known */
	/* The first twelve digits of a container's id, or the name where the path has a name; "":
	 * the control group is in no container. Of containers in containers, the innermost. */
	char name[CONTAINER_NAME_MAX];
	/* The uid of its Kubernetes pod, "1b2c3d4e-0000-4000-8000-00000000abcd"; "": none. */
	char pod[CONTAINER_POD_MAX];
	/* The innermost systemd service or scope that is not itself a container, "ssh.service"; "":
	 * none. */
	char unit[CONTAINER_NAME_MAX];
};

/* Names that are too long are cut. */
void container_of_path(const char *path, struct container *ret);
