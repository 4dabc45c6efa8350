"""Citizens' doors: each turns its own format into InboundMessage and sends OutboundMessage."""
