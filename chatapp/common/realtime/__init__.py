"""Live updates: from a commit in one process to every open page, in all processes.

`broadcast.publish(topic, payload)` tells everybody; `topics` names what can be listened to; `socket.Sock` opens
sockets and hands out `Connection`s; `hub.wait` is for requests that wait. The push is a hint: it may be lost, and
whoever receives one compares sequence numbers with Postgres.

It does not know what a payload means, who may listen to what, or the database.
"""
