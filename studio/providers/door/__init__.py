"""The one door to the outside: every byte to or from another machine goes through here.

    policy.Policy(trusted, proxy, practice)     what may be reached
    post.post(request, policy, *, before_sending, deadline)         one paid call, at most once
    call.call(request, policy, *, deadline)                         polls, cancels, balances
    call.call_many(requests, policy, *, deadline, at_once)          many of them at a time
    download.download(url, policy, *, hosts, into, ceiling, deadline, …)     one file, to disk
    redaction.redact · safe_headers · safe_body     before anything of it is stored or shown
    loop.stop()                                     end the background thread (it starts itself)

What can be reached: public addresses by https. Hosts that the operator trusts are let through
as they are; in practice mode nothing else is. The address that was checked is the address that
is connected to, also where a literal is given; the TLS name and the Host header stay the name.
Nobody follows a redirect except `download`, and it checks each hop anew. No environment
variable is read: not for proxies, not for certificates.

What can go wrong is a `faults.DoorError` with `.why` and a message that holds no secret:

    NotSent     provably no byte of the request left
    NoAnswer    it was sent, or perhaps sent, and there is no whole reply
    NewHost, BadStatus, TooLarge, TooSlow, Cut, Encoded, Stopped        downloads only

A reply of any status is a `Reply`. Every `deadline` is the whole time in seconds, by the
monotonic clock, from the call on: a server that drips does not stretch it.
"""
