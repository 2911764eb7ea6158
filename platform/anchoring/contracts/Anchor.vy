# pragma version 0.4.3
# pragma evm-version paris
"""
@title Anchor
@notice Keeps, for each period, the Merkle root of its statements and the hash of its header.
@dev Periods are written in order and once. Writing the same again changes nothing, so a sender may repeat itself.
"""

event Anchored:
    number: indexed(uint256)
    root: bytes32
    header: bytes32

owner: public(immutable(address))
count: public(uint256)
roots: public(HashMap[uint256, bytes32])
headers: public(HashMap[uint256, bytes32])


@deploy
def __init__():
    owner = msg.sender


@external
def anchor(number: uint256, root: bytes32, header: bytes32):
    assert msg.sender == owner, "Only the owner may anchor."
    if number < self.count:
        assert self.roots[number] == root and self.headers[number] == header, "This period is anchored otherwise."
        return
    assert number == self.count, "Periods are anchored in order."
    self.roots[number] = root
    self.headers[number] = header
    self.count = number + 1
    log Anchored(number=number, root=root, header=header)


@external
@view
def includes(number: uint256, leaf: bytes32, proof: DynArray[bytes32, 64]) -> bool:
    """
    @notice Is this leaf (OpenZeppelin StandardMerkleTree encoding) in the tree of that period?
    """
    if number >= self.count:
        return False
    node: bytes32 = leaf
    for sibling: bytes32 in proof:
        if convert(node, uint256) < convert(sibling, uint256):
            node = keccak256(concat(node, sibling))
        else:
            node = keccak256(concat(sibling, node))
    return node == self.roots[number]
